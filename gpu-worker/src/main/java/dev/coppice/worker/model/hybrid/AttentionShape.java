package dev.coppice.worker.model.hybrid;

import dev.coppice.worker.model.language.MixerShape;

/** An attention layer, whose sizes are the model's. */
record AttentionShape() implements MixerShape {

    @Override
    public String kind() {
        return "attention";
    }
}
