package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.first;
import static dev.coppice.worker.task.DataFixtures.open;
import static dev.coppice.worker.task.DataFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathfinderTest {

    private static final String ROW = "imgs/0 sample_%d.png 0 1 1.8 14\n";

    @TempDir
    private Path release;

    @ParameterizedTest
    @CsvSource({"pathfinder, 32", "pathx, 128"})
    void theTestSplitIsThatOfTheLoaders(String task, int side) throws IOException {
        Path level = PathfinderFiles.write(release, side);

        for (Path path : List.of(release, release.resolve("pathfinder" + side), level)) {
            List<LabelledExample> read = examples(task, path);
            assertThat(read).hasSize(3);
            for (int i = 0; i < 3; i++) {
                int row = PathfinderFiles.TEST_ROWS[i];
                assertThat(read.get(i).index()).isEqualTo(i);
                assertThat(read.get(i).label()).isEqualTo(PathfinderFiles.label(row));
                assertThat(read.get(i).input())
                        .usingRecursiveComparison()
                        .isEqualTo(new Pixels(side, side, 1, PathfinderFiles.picture(row, side)));
            }
        }
        assertThat(open(task, release).size()).isEqualTo(3);
        assertThat(open(task, release).inputs())
                .isEqualTo(new InputSpec(InputKind.PIXELS, side * side, 1, false, false, 2));
        assertThat(first(2, task, release)).hasSize(2);
    }

    @Test
    void remoteFoldersAreListed() throws IOException {
        PathfinderFiles.write(release, 32);
        try (Stream<LabelledExample> examples = Tasks.classification(
                        "pathfinder", "remote:" + release, Collections.emptySortedMap())
                .examples()) {
            assertThat(examples).hasSize(3);
        }
    }

    /** Metadata and test pictures are the data's identity, pictures of other splits are not. */
    @Test
    void theHashIsOfTheTestPicturesAndAllMetadata() throws IOException {
        Path level = PathfinderFiles.write(release, 32);
        String hash = Tasks.dataSha256("pathfinder", release.toString());

        write(level.resolve("imgs/0"), "sample_1.png", PathfinderFiles.png(90, 32));
        assertThat(Tasks.dataSha256("pathfinder", release.toString())).isEqualTo(hash);

        Path tested = write(level.resolve("imgs/0"), "sample_5.png", PathfinderFiles.png(90, 32));
        assertThat(Tasks.dataSha256("pathfinder", release.toString()))
                .as("%s changed", tested)
                .isNotEqualTo(hash);
    }

    @Test
    void rowsMustNameAPictureAndAClass() throws IOException {
        String good = ROW.formatted(0).repeat(10);
        assertRefused("imgs/0 a.png 0\n" + good, "0.npy:1: found \"imgs/0 a.png 0\", expected folder, file, number");
        assertRefused(good + "\n", "0.npy:11: found \"\", expected folder, file, number and label");
        assertRefused("imgs/0 a.png 0 2\n" + good, "0.npy:1: found the label 2, expected 0 to 1");
        assertRefused("imgs/0 a.png 0 1.0\n" + good, "0.npy:1: found the label \"1.0\", expected 0 to 1");
        for (String elsewhere : List.of("../imgs a.png", "imgs/.. a.png", "/imgs a.png", "imgs a/b.png")) {
            assertRefused(
                    elsewhere + " 0 1\n" + good,
                    "0.npy:1: found \"" + elsewhere.replace(' ', '/') + "\", expected a folder of the data and a file");
        }
        assertRefused(ROW.formatted(0).repeat(9), "0.npy: found 9 pictures in the metadata, expected at least 10");
        assertRefused("", "0.npy: found 0 pictures in the metadata");
    }

    @Test
    void listedPicturesMustBeThere() throws IOException {
        Path level = PathfinderFiles.write(release, 32);
        Path picture = level.resolve("imgs/0/sample_5.png");

        write(level.resolve("imgs/0"), "sample_5.png", PathfinderFiles.png(5, 33));
        assertRefused("sample_5.png: found 33 x 33 pixels, expected 32 x 32");
        write(level.resolve("imgs/0"), "sample_5.png", "");
        assertRefused("sample_5.png: found no picture, expected a PNG");
        Files.delete(picture);
        assertRefused("0.npy:6: found no file " + picture + ", expected the file that this line names");
        for (int sample = 0; sample < 10; sample++) {
            Files.deleteIfExists(level.resolve("imgs/10/sample_" + sample + ".png"));
        }
        Files.delete(level.resolve("imgs/10"));
        write(level.resolve("imgs/0"), "sample_5.png", PathfinderFiles.png(5, 32));
        assertRefused("10.npy:5: found no file " + level.resolve("imgs/10/sample_4.png"));
    }

    @Test
    void theFolderMustBeOfTheTasksSize() throws IOException {
        Path level = PathfinderFiles.write(release, 32);

        assertThatThrownBy(() -> open("pathx", release))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found no folder curv_contour_length_14/metadata")
                .hasMessageContaining("name the folder pathfinder128 of Long Range Arena's release");
        assertThatThrownBy(() -> examples("pathx", level))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("sample_5.png: found 32 x 32 pixels, expected 128 x 128");
        for (int number : new int[] {0, 2, 10}) {
            Files.delete(level.resolve("metadata/" + number + ".npy"));
        }
        assertRefused("metadata: found no metadata, expected 0.npy, 1.npy, ...");
    }

    private void assertRefused(String metadata, String message) throws IOException {
        write(release.resolve("curv_contour_length_14/metadata"), "0.npy", metadata);
        assertRefused(message);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> examples("pathfinder", release))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }
}
