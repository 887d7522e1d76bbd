/** The side of a sweep that runs inside Spark's executors. Nothing else of the worker knows Spark. */
@NullMarked
package dev.coppice.worker.spark;

import org.jspecify.annotations.NullMarked;
