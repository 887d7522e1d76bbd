package dev.coppice.results.store;

import dev.coppice.results.PlannedJob;
import dev.coppice.results.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The plans of a sweep, one file each, numbered; the newest holds. Its name tells its jobs, so that one plan is kept once. */
final class PlanFiles {

    private final Storage storage;
    private final SweepLayout layout;
    private final SweepTables tables;

    PlanFiles(Storage storage, SweepLayout layout) {
        this.storage = storage;
        this.layout = layout;
        this.tables = new SweepTables(storage, layout);
    }

    void write(List<PlannedJob> jobs) throws IOException {
        List<PlanColumns> columns = jobs.stream().map(PlanColumns::of).toList();
        List<String> earlier = tables.tables(layout.plan());
        String hash = hash(columns);
        if (!earlier.isEmpty() && earlier.get(earlier.size() - 1).contains(hash)) {
            return;
        }
        String name = String.format(Locale.ROOT, "%06d-%s", earlier.size() + 1, hash);
        storage.put(layout.plan(name), ParquetRecords.encode(PlanColumns.class, columns));
    }

    private static String hash(List<PlanColumns> jobs) {
        MessageDigest digest = Sha256.digest();
        for (PlanColumns job : jobs) {
            digest.update(job.jobId().getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The newest plan; no jobs when there is none. */
    List<PlannedJob> read() throws IOException {
        List<String> files = tables.tables(layout.plan());
        if (files.isEmpty()) {
            return List.of();
        }
        List<PlannedJob> jobs = tables.read(files.get(files.size() - 1), PlanColumns.class, PlanColumns::restore);
        for (UnreadableFile file : tables.unreadable()) {
            throw new StoreException("the plan " + file.path() + " cannot be read: " + file.reason()
                    + ". Delete it and run the sweep again: the same plan is written anew, and finished rows are kept");
        }
        return jobs;
    }
}
