/**
 * Results on disk: one Parquet file a row, written atomically, and compacted files of many rows. Works on any file system
 * that Hadoop knows; local paths go through java.nio, which is faster and leaves no checksum files.
 */
@NullMarked
package dev.coppice.results.store;

import org.jspecify.annotations.NullMarked;
