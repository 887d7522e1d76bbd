package dev.coppice.worker.job.bench;

/**
 * Shapes of the classifiers of four tasks: those of the S5 paper's scripts (Smith et al. 2023, table 11) and of the
 * bidirectional S4D of the same tasks with 64 real states a channel. All are bidirectional and use batch norm.
 */
public enum Preset {
    SMNIST(4, 64, 784, 1, 10, 32, "half_glu1", 32, true),
    LISTOPS(8, 128, 2048, 20, 10, 8, "half_glu2", 32, false),
    IMAGE(6, 512, 1024, 1, 10, 192, "half_glu1", 32, false),
    IMDB(6, 256, 4096, 135, 2, 96, "half_glu2", 32, true);

    private final int layers;
    private final int channels;
    private final int steps;
    private final int inputs;
    private final int classes;
    private final int s5States;
    private final String s5Activation;
    private final int s4dStates;
    private final boolean s4dPrenorm;

    Preset(
            int layers,
            int channels,
            int steps,
            int inputs,
            int classes,
            int s5States,
            String s5Activation,
            int s4dStates,
            boolean s4dPrenorm) {
        this.layers = layers;
        this.channels = channels;
        this.steps = steps;
        this.inputs = inputs;
        this.classes = classes;
        this.s5States = s5States;
        this.s5Activation = s5Activation;
        this.s4dStates = s4dStates;
        this.s4dPrenorm = s4dPrenorm;
    }

    /** Number of layers. */
    public int layers() {
        return layers;
    }

    /** H. */
    public int channels() {
        return channels;
    }

    /** T. */
    public int steps() {
        return steps;
    }

    /** Size of the vocabulary; 1 where the input is one grey value a step. */
    public int inputs() {
        return inputs;
    }

    /** Number of classes. */
    public int classes() {
        return classes;
    }

    /** Whether a step is a token, else a grey value. */
    public boolean tokens() {
        return inputs > 1;
    }

    /** States of a layer (S5, P) or of a channel (S4D, n). */
    public int states(LayerKind kind) {
        return kind == LayerKind.S5 ? s5States : s4dStates;
    }

    String s5Activation() {
        return s5Activation;
    }

    boolean s4dPrenorm() {
        return s4dPrenorm;
    }
}
