package dev.coppice.worker.model.language;

/** Sizes of one layer's mixer, as a config gives them; pruning of structure makes them smaller, each layer on its own. */
public interface MixerShape {

    /** What kind of mixer it is, such as mamba2. */
    String kind();
}
