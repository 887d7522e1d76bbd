/**
 * What is evaluated: examples and metrics. Knows no model.
 */
@NullMarked
package dev.coppice.worker.task;

import org.jspecify.annotations.NullMarked;
