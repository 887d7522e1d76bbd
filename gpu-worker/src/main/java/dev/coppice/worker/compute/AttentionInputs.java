package dev.coppice.worker.compute;

/**
 * What grouped-query attention reads; query head h reads key-value head h div (heads / kvHeads). R query rows, R' key rows, P head width.
 *
 * @param query (R, heads P)
 * @param keys of earlier rows and then this batch's, packed as {@link LanguageOps#append} does: (R', kvHeads P)
 * @param values as the keys
 * @param segments of the query rows
 * @param keySegments of the key rows; each is at least as long as its query segment, whose rows are its last ones
 */
public record AttentionInputs(
        Columns query, Tensor keys, Tensor values, int heads, int kvHeads, Segments segments, Segments keySegments) {

    /** P. */
    public int width() {
        return query.count() / heads;
    }
}
