/** Checkpoints with random weights of a published shape, for capacity planning, tests and benchmarks. */
@NullMarked
package dev.coppice.worker.job.synthesis;

import org.jspecify.annotations.NullMarked;
