package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.TaskDefinition;
import dev.coppice.worker.task.classify.PathfinderRows.Row;
import dev.coppice.worker.task.data.ByteReader;
import dev.coppice.worker.task.data.Colours;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.ListedFile;
import dev.coppice.worker.task.data.Png;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pathfinder (Linsley et al. 2018) in Long Range Arena's form, and Path-X, its pictures of 128 x 128: class 1 when a dashed
 * path joins the two dots. Metadata says which pictures there are, so it is read when the data is found.
 */
public final class Pathfinder implements ExampleSource {

    private static final int SIDE = 32;
    private static final int SIDE_OF_PATHX = 128;

    /** The hardest of three, and the one that every published result is of. */
    private static final String LEVEL = "curv_contour_length_14";

    /** Hundreds of times what a picture takes. */
    private static final int MAX_BYTES = 4 << 20;

    /** Pictures of 32 x 32. */
    public static final TaskDefinition DEFINITION = definition("pathfinder", SIDE);

    /** Pictures of 128 x 128. */
    public static final TaskDefinition PATHX = definition("pathx", SIDE_OF_PATHX);

    private final int side;
    private final List<DataFile> metadata;
    private final List<Row> rows;
    private final List<DataFile> pictures;

    private Pathfinder(int side, List<DataFile> metadata, List<Row> rows, List<DataFile> pictures) {
        this.side = side;
        this.metadata = List.copyOf(metadata);
        this.rows = List.copyOf(rows);
        this.pictures = List.copyOf(pictures);
    }

    /** The test pictures of 32 x 32 at {@code path}. */
    public static ExampleSource find(DataPath path) {
        return find(SIDE, path);
    }

    /** The test pictures of 128 x 128 at {@code path}. */
    public static ExampleSource findPathX(DataPath path) {
        return find(SIDE_OF_PATHX, path);
    }

    @Override
    public InputSpec inputs() {
        return inputs(side);
    }

    @Override
    public List<DataFile> files() {
        List<DataFile> files = new ArrayList<>(metadata);
        files.addAll(pictures);
        return files;
    }

    @Override
    public int count() {
        return rows.size();
    }

    @Override
    public ExampleReader open() {
        return new Reader(side, rows, pictures);
    }

    private static ExampleSource find(int side, DataPath path) {
        DataPath level = level(side, path);
        List<DataFile> metadata = PathfinderRows.files(level);
        List<Row> rows = PathfinderRows.test(metadata);
        List<ListedFile> listed = rows.stream().map(Row::picture).toList();
        return new Pathfinder(side, metadata, rows, ListedFile.under(level, listed));
    }

    private static DataPath level(int side, DataPath path) {
        List<DataPath> levels = List.of(path.child("pathfinder" + side).child(LEVEL), path.child(LEVEL), path);
        for (DataPath level : levels) {
            if (level.child("metadata").isFolder()) {
                return level;
            }
        }
        throw DataErrors.at(
                path.path(),
                "no folder " + LEVEL + "/metadata",
                files(side),
                "name the folder pathfinder" + side + " of Long Range Arena's release");
    }

    private static TaskDefinition definition(String name, int side) {
        return new TaskDefinition(
                name,
                "1",
                "accuracy",
                "test",
                inputs(side),
                "Long Range Arena's folders of grey PNG pictures with metadata in text files; the test split is that of the"
                        + " S4 and S5 loaders",
                files(side));
    }

    private static InputSpec inputs(int side) {
        return new InputSpec(InputKind.PIXELS, side * side, 1, false, false, PathfinderRows.CLASSES);
    }

    private static String files(int side) {
        return "metadata/N.npy and imgs/N/sample_M.png of " + LEVEL + ", in pathfinder" + side
                + " or the folder itself";
    }

    private static final class Reader implements ExampleReader {

        private final int side;
        private final List<Row> rows;
        private final List<DataFile> pictures;
        private int index;

        Reader(int side, List<Row> rows, List<DataFile> pictures) {
            this.side = side;
            this.rows = rows;
            this.pictures = pictures;
        }

        @Override
        public @Nullable LabelledExample next() {
            if (index == rows.size()) {
                return null;
            }
            DataFile file = pictures.get(index);
            byte[] png;
            try (ByteReader bytes = file.open()) {
                png = bytes.rest(MAX_BYTES);
            }
            Png picture = Png.decode(png, Colours.GREY, file.path()).square(side, file.path());
            int label = rows.get(index).label();
            return new LabelledExample(index++, new Pixels(side, side, 1, picture.values()), label);
        }

        /** Each picture's file is closed as soon as it is read. */
        @Override
        public void close() {
            index = rows.size();
        }
    }
}
