/**
 * Long-range classification: the data layouts of Long Range Arena (Tay et al. 2021) and of sequential MNIST, read into
 * raw inputs. Vocabularies, end marks, padding, normalisation and permutations belong to the models.
 */
@NullMarked
package dev.coppice.worker.task.classify;

import org.jspecify.annotations.NullMarked;
