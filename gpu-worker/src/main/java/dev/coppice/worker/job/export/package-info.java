/** Pruned models as checkpoints in the layouts that their families are published in. */
@NullMarked
package dev.coppice.worker.job.export;

import org.jspecify.annotations.NullMarked;
