package dev.coppice.worker.job.bench;

import dev.coppice.worker.input.Input;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.input.TokenIds;
import dev.coppice.worker.task.LabelledExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Inputs made up from a seed, all of the preset's full length. */
final class RandomExamples {

    private RandomExamples() {}

    static List<LabelledExample> of(Preset preset, int count, long seed) {
        Random random = new Random(seed);
        List<LabelledExample> examples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Input input = preset.tokens() ? tokens(preset, random) : picture(preset, random);
            examples.add(new LabelledExample(i, input, random.nextInt(preset.classes())));
        }
        return examples;
    }

    /** Any token but 0, which stands for padding. */
    private static TokenIds tokens(Preset preset, Random random) {
        return new TokenIds(random.ints(preset.steps(), 1, preset.inputs()).toArray());
    }

    private static Pixels picture(Preset preset, Random random) {
        byte[] values = new byte[preset.steps()];
        random.nextBytes(values);
        return new Pixels(preset.steps(), 1, 1, values);
    }
}
