/** What models are watched on: texts for language models and the windows of tokens drawn from them, a task's own inputs for classifiers. */
@NullMarked
package dev.coppice.worker.task.calibration;

import org.jspecify.annotations.NullMarked;
