/**
 * Files of evaluation data, whatever task they belong to: found on local disks and Hadoop file systems, unpacked while
 * they are read, and read in bounded memory. Every failure is a DataException that names the file and the place in it.
 */
@NullMarked
package dev.coppice.worker.task.data;

import org.jspecify.annotations.NullMarked;
