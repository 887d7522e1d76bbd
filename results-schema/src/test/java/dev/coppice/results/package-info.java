/** Tests of jobs and rows. */
@NullMarked
package dev.coppice.results;

import org.jspecify.annotations.NullMarked;
