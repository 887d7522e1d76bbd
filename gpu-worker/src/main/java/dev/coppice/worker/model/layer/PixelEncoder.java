package dev.coppice.worker.model.layer;

import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.model.InputException;
import dev.coppice.worker.model.ModelException;
import dev.coppice.worker.model.SequenceBatch;
import dev.coppice.worker.weights.SideFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Pictures, one pixel a step, row by row or in a fixed permutation.
 *
 * @param steps pixels of a picture
 * @param channels values of a pixel
 * @param normalisation of each channel; null where the config does not say, and then pictures are refused
 * @param permutation step t takes the pixel permutation[t]; (steps), or null for reading order
 */
public record PixelEncoder(
        int steps, int channels, @Nullable Normalisation normalisation, int @Nullable [] permutation)
        implements InputEncoder {

    /** Ten digits and two of a line's end: no number of a permutation needs more. */
    private static final int PERMUTATION_BYTES = 12;

    static PixelEncoder read(Path folder, ConfigKeys keys) {
        int steps = keys.positive("seq_len");
        int channels = keys.positive("d_input");
        return new PixelEncoder(steps, channels, Normalisation.read(keys, channels), permutation(folder, keys, steps));
    }

    private static int @Nullable [] permutation(Path folder, ConfigKeys keys, int steps) {
        if (!keys.has("permutation")) {
            return null;
        }
        String file = keys.value("permutation").asText();
        byte[] content = SideFiles.read(folder, file, (long) PERMUTATION_BYTES * steps);
        int[] permutation;
        try {
            permutation = Arrays.stream(new String(content, StandardCharsets.US_ASCII)
                            .trim()
                            .split("\\s+"))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new ModelException(
                    folder.resolve(file) + ": expected whole numbers between blanks: " + e.getMessage(), e);
        }
        int[] sorted = permutation.clone();
        Arrays.sort(sorted);
        boolean complete = sorted.length == steps;
        for (int i = 0; complete && i < steps; i++) {
            complete = sorted[i] == i;
        }
        if (!complete) {
            throw new ModelException(
                    folder.resolve(file) + ": expected every number from 0 to " + (steps - 1) + " once");
        }
        return permutation;
    }

    @Override
    public SequenceBatch encode(List<Input> inputs) {
        List<Input> pictures = InputEncoder.flat(inputs);
        float[][] byValue = tables();
        float[] values = new float[pictures.size() * steps * channels]; // (B, T, channels)
        int at = 0;
        for (Input input : pictures) {
            byte[] pixels = pixels(input);
            for (int t = 0; t < steps; t++) {
                int source = permutation == null ? t : permutation[t];
                for (int channel = 0; channel < channels; channel++) {
                    values[at++] = byValue[channel][pixels[source * channels + channel] & 0xff];
                }
            }
        }
        int[] lengths = new int[pictures.size()];
        Arrays.fill(lengths, steps);
        return SequenceBatch.ofValues(pictures.size(), steps, channels, values, lengths);
    }

    /** What each value becomes in each channel; (channels, 256). */
    private float[][] tables() {
        if (normalisation == null) {
            throw new InputException("config.json has no input_normalisation, so that pixels cannot be encoded");
        }
        float[][] tables = new float[channels][256];
        for (int channel = 0; channel < channels; channel++) {
            for (int value = 0; value < 256; value++) {
                tables[channel][value] = (float) normalisation.apply(value, channel);
            }
        }
        return tables;
    }

    private byte[] pixels(Input input) {
        if (!(input instanceof Pixels picture)) {
            throw new InputException("the model takes pictures, not "
                    + input.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
        if (picture.width() * picture.height() != steps || picture.channels() != channels) {
            throw new InputException("a picture of " + picture.width() + " x " + picture.height() + " pixels with "
                    + picture.channels() + " channels; the model takes " + steps + " pixels with " + channels);
        }
        return picture.values();
    }

    @Override
    public @Nullable String refusal(InputSpec inputs) {
        if (inputs.kind() != InputKind.PIXELS) {
            return "the model takes pixels";
        }
        if (normalisation == null) {
            return "the model's config.json has no input_normalisation for pixels";
        }
        if (inputs.steps() != steps || inputs.channels() != channels) {
            return "the model takes " + steps + " pixels of " + channels + " channels, the task has " + inputs.steps()
                    + " of " + inputs.channels();
        }
        if (inputs.permuted() != (permutation != null)) {
            return permutation == null
                    ? "the task permutes the pixels, the model has no permutation"
                    : "the model has a permutation, the task's pixels are in reading order";
        }
        return null;
    }
}
