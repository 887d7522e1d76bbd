/** Calibration data of language models: texts, and the windows of tokens drawn from them. */
@NullMarked
package dev.coppice.worker.task.calibration;

import org.jspecify.annotations.NullMarked;
