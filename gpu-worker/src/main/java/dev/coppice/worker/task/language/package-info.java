/**
 * Language tasks: documents become requests to a model (which tokens it is fed, which ones it must predict), and its answers
 * become metrics. Request strings, token boundaries and metrics are those of lm-evaluation-harness 0.4.13 (Gao et al.), the
 * perplexity protocols besides its own those that {@link dev.coppice.worker.task.language.Protocol} names. Knows no model.
 *
 * <p>Letters: L tokens fed, T tokens predicted by the last T of them.
 */
@NullMarked
package dev.coppice.worker.task.language;

import org.jspecify.annotations.NullMarked;
