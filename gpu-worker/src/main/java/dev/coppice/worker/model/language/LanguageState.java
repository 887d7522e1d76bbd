package dev.coppice.worker.model.language;

import dev.coppice.worker.compute.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What a model remembers after the sequences of a batch.
 *
 * @param lengths tokens that each of the S sequences has seen
 * @param layers for each layer its tensors by the fixtures' names: conv (S, C, K) and ssm (S, H, P, N) or (S, C, N), or k and v, packed
 *     rows (sum of lengths, kvHeads P)
 */
public record LanguageState(int[] lengths, List<Map<String, Tensor>> layers) {}
