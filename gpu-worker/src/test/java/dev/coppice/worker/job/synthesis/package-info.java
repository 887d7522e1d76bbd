/** Synthesized checkpoints. */
@NullMarked
package dev.coppice.worker.job.synthesis;

import org.jspecify.annotations.NullMarked;
