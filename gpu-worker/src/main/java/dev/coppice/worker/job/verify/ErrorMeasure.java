package dev.coppice.worker.job.verify;

import dev.coppice.worker.compute.Precision;

/** How far a tensor is from the golden one: the number that is held against the tolerance. */
public enum ErrorMeasure {
    /** For float32, where every number can be right. */
    LARGEST("max |ours - golden| / max(1, max |golden|)"),

    /** For tf32 and 16-bit arithmetic, whose rounding is noise: of many numbers some are off by several times the usual deviation. */
    ROOT_MEAN_SQUARE("|ours - golden| / |golden|, root mean squares");

    private final String formula;

    ErrorMeasure(String formula) {
        this.formula = formula;
    }

    /** The measure that suits an arithmetic. */
    static ErrorMeasure of(Precision precision) {
        return precision == Precision.FLOAT32 ? LARGEST : ROOT_MEAN_SQUARE;
    }

    /** How it is computed, in words. */
    public String formula() {
        return formula;
    }
}
