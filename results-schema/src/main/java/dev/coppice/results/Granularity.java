package dev.coppice.results;

/** What a ratio counts. Ratios of different granularity are never averaged. */
public enum Granularity {
    STATE("state"),
    WEIGHT("weight"),
    N_M("N:M"),
    HEAD("head"),
    CHANNEL("channel"),
    BLOCK("block");

    private final String label;

    Granularity(String label) {
        this.label = label;
    }

    /** The name in tables and files. */
    public String label() {
        return label;
    }

    /** What is counted, in the plural. */
    public String units() {
        return this == N_M ? "weights in groups (N:M)" : label + "s";
    }

    /**
     * The granularity called {@code label}.
     *
     * @throws IllegalArgumentException for an unknown name
     */
    public static Granularity of(String label) {
        for (Granularity granularity : values()) {
            if (granularity.label.equals(label)) {
                return granularity;
            }
        }
        throw new IllegalArgumentException("unknown granularity \"" + label + "\"");
    }
}
