package dev.coppice.driver.plan;

import dev.coppice.driver.config.ModelSettings;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.model.ModelConfig;
import dev.coppice.worker.model.language.LanguageConfig;
import dev.coppice.worker.tokenizer.Tokenizer;
import dev.coppice.worker.weights.Fingerprint;

/**
 * A model that is there.
 *
 * @param settings what the config says of it
 * @param config its hyper-parameters
 * @param fingerprint of its checkpoint
 */
record ResolvedModel(ModelSettings settings, ModelConfig config, String fingerprint) {

    /** Throws ModelException, TokenizerException or CheckpointException when it is not there or not usable. */
    static ResolvedModel of(ModelSettings settings) {
        ResolvedModel model = withoutTexts(settings);
        if (model.config instanceof LanguageConfig) {
            Tokenizer.requireIn(settings.path());
        }
        return model;
    }

    /** A model that reads no text, and so needs no tokenizer. Throws ModelException or CheckpointException when it is not there or not usable. */
    static ResolvedModel withoutTexts(ModelSettings settings) {
        return new ResolvedModel(
                settings,
                ModelFamilies.describe(settings.path()).config(),
                Fingerprint.of(settings.path(), settings.weights()));
    }
}
