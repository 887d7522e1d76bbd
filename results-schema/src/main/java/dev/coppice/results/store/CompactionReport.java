package dev.coppice.results.store;

import java.util.List;

/**
 * What a compaction did.
 *
 * @param rowsMerged rows that moved from files of their own into compacted files
 * @param filesWritten compacted files that are new
 * @param filesDeleted row files that are gone, because a compacted file has their row
 * @param unreadable files that were left as they are
 */
public record CompactionReport(int rowsMerged, int filesWritten, int filesDeleted, List<UnreadableFile> unreadable) {

    public CompactionReport {
        unreadable = List.copyOf(unreadable);
    }
}
