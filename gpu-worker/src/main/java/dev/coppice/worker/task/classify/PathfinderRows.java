package dev.coppice.worker.task.classify;

import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.LineReader;
import dev.coppice.worker.task.data.ListedFile;
import dev.coppice.worker.task.data.TorchPermutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The metadata of Pathfinder: text files 0.npy, 1.npy, ... with a row a picture, of which a tenth is the test split. */
final class PathfinderRows {

    /** The seed of the loaders of S4 and S5. */
    private static final int SPLIT_SEED = 42;

    private static final int TEST_SHARE = 10; // one of so many
    private static final int LABEL_FIELD = 3;
    static final int CLASSES = 2;
    private static final String NAMES = "[0-9]{1,9}\\.npy";

    private PathfinderRows() {}

    /** A picture and its class. */
    record Row(ListedFile picture, int label) {}

    /** The metadata files in a level's folder, by their numbers. */
    static List<DataFile> files(DataPath level) {
        List<DataFile> files = new ArrayList<>(
                level.child("metadata").files(file -> file.plainName().matches(NAMES)));
        if (files.isEmpty()) {
            throw DataErrors.at(
                    level.child("metadata").path(), "no metadata", "0.npy, 1.npy, ...", "unpack the release again");
        }
        files.sort(Comparator.comparingInt(file ->
                Integer.parseInt(file.plainName().substring(0, file.plainName().indexOf('.')))));
        return files;
    }

    /**
     * The rows of the test split, in its order: the last tenth, rounded down, of a permutation of all rows.
     *
     * @param files in the order of their numbers
     */
    static List<Row> test(List<DataFile> files) {
        int all = files.stream().mapToInt(LineReader::count).sum();
        int[] order = TorchPermutation.of(all, SPLIT_SEED); // (all)
        int test = all / TEST_SHARE;
        if (test == 0) {
            throw DataErrors.at(
                    files.get(0).path(),
                    all + " pictures in the metadata",
                    "at least " + TEST_SHARE + ", of which one is for the test",
                    "unpack the release again");
        }
        int[] position = new int[all]; // in the test split, -1 outside; (all)
        Arrays.fill(position, -1);
        for (int i = 0; i < test; i++) {
            position[order[all - test + i]] = i;
        }
        Row[] rows = new Row[test];
        int number = 0;
        for (DataFile file : files) {
            try (LineReader lines = new LineReader(file)) {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    Row row = row(line, lines.place());
                    if (position[number] >= 0) {
                        rows[position[number]] = row;
                    }
                    number++;
                }
            }
        }
        return List.of(rows);
    }

    /** imgs/N sample_M.png M label, and what the picture was drawn by. */
    private static Row row(String line, String place) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length <= LABEL_FIELD) {
            throw DataErrors.at(
                    place,
                    DataErrors.quoted(line),
                    "folder, file, number and label, separated by spaces",
                    "mend the line, or unpack the release again");
        }
        return new Row(new ListedFile(fields[0], fields[1], place), Labels.parsed(fields[LABEL_FIELD], CLASSES, place));
    }
}
