package dev.coppice.worker.model.hybrid;

import dev.coppice.worker.model.layer.ConfigKeys;

/** Frequencies of rotary positions, scaled for long contexts as Llama 3 has it. */
final class RotaryFrequencies {

    private RotaryFrequencies() {}

    /**
     * The frequencies of a head, in radians a position (headWidth / 2): theta^(-2i/headWidth); of those whose wavelength is long
     * for the original context the factor-th part, and something between in a band between long and short.
     *
     * @throws dev.coppice.worker.model.ModelException for a scaling that is not Llama 3's
     */
    static double[] of(ConfigKeys keys, int headWidth) {
        double theta = keys.number("rope_theta", 10_000);
        double[] frequencies = new double[headWidth / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = StrictMath.pow(theta, -2.0 * i / headWidth);
        }
        if (!keys.has("rope_scaling")) {
            return frequencies;
        }
        ConfigKeys scaling = keys.within("rope_scaling");
        if (!scaling.value("rope_type").asText().equals("llama3")) {
            throw scaling.wrong("rope_type", "llama3");
        }
        double factor = scaling.number("factor");
        double low = scaling.number("low_freq_factor");
        double high = scaling.number("high_freq_factor");
        double original = scaling.number("original_max_position_embeddings");
        for (int i = 0; i < frequencies.length; i++) {
            double turns = original * frequencies[i] / (2 * Math.PI); // of the original context
            double share = Math.min(1, Math.max(0, (turns - low) / (high - low))); // that stays as it is
            frequencies[i] *= share + (1 - share) / factor;
        }
        return frequencies;
    }
}
