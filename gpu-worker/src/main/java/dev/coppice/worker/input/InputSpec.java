package dev.coppice.worker.input;

/**
 * What a task yields, in terms that a model can accept or refuse without knowing the task.
 *
 * @param kind kind of each input
 * @param steps pixels or samples of each input; 0 where the length varies
 * @param channels values of a pixel or sample; 0 where there are neither
 * @param permuted whether the task is defined by a fixed permutation of the pixels, which the model brings along
 * @param paired whether each example is a {@link DocumentPair}
 * @param classes number of classes; 0 where nothing is classified
 */
public record InputSpec(InputKind kind, int steps, int channels, boolean permuted, boolean paired, int classes) {

    /** What every task of language models yields. */
    public static final InputSpec LANGUAGE = new InputSpec(InputKind.LANGUAGE, 0, 0, false, false, 0);
}
