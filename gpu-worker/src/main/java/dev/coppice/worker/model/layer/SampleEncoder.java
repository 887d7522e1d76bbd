package dev.coppice.worker.model.layer;

import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Samples;
import dev.coppice.worker.model.InputException;
import dev.coppice.worker.model.SequenceBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sound, one sample a step.
 *
 * @param steps samples of a piece
 * @param normalisation of every sample; null where the config does not say, and then sounds are refused
 * @param statistics what is done to each step afterwards; null for nothing
 */
public record SampleEncoder(
        int steps,
        @Nullable Normalisation normalisation,
        @Nullable StepStatistics statistics) implements InputEncoder {

    static SampleEncoder read(Path folder, ConfigKeys keys) {
        if (keys.positive("d_input") != 1) {
            throw keys.wrong("d_input", "1: sound has one channel");
        }
        int steps = keys.positive("seq_len");
        return new SampleEncoder(steps, Normalisation.read(keys, 1), StepStatistics.read(folder, keys, steps));
    }

    @Override
    public SequenceBatch encode(List<Input> inputs) {
        if (normalisation == null) {
            throw new InputException("config.json has no input_normalisation, so that samples cannot be encoded");
        }
        List<Input> sounds = InputEncoder.flat(inputs);
        float[] values = new float[sounds.size() * steps]; // (B, T, 1)
        int at = 0;
        for (Input input : sounds) {
            for (short sample : samples(input)) {
                double value = normalisation.apply(sample, 0);
                int t = at % steps;
                values[at++] = (float) (statistics == null ? value : statistics.apply(value, t));
            }
        }
        int[] lengths = new int[sounds.size()];
        Arrays.fill(lengths, steps);
        return SequenceBatch.ofValues(sounds.size(), steps, 1, values, lengths);
    }

    private short[] samples(Input input) {
        if (!(input instanceof Samples sound)) {
            throw new InputException("the model takes sound, not "
                    + input.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
        if (sound.values().length != steps) {
            throw new InputException(sound.values().length + " samples; the model takes " + steps);
        }
        return sound.values();
    }

    @Override
    public @Nullable String refusal(InputSpec inputs) {
        if (inputs.kind() != InputKind.SAMPLES) {
            return "the model takes sound";
        }
        if (normalisation == null) {
            return "the model's config.json has no input_normalisation for samples";
        }
        if (inputs.steps() != steps) {
            return "the model takes " + steps + " samples, the task has " + inputs.steps()
                    + ": a model is fed another rate with seq_len and step_rescale of its own";
        }
        return null;
    }
}
