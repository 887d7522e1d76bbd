/**
 * Parts that sequence classifiers of several families share: reading of configs, input encoders, norms, pooling.
 */
@NullMarked
package dev.coppice.worker.model.layer;

import org.jspecify.annotations.NullMarked;
