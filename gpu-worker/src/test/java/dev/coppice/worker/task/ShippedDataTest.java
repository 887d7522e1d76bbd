package dev.coppice.worker.task;

import static dev.coppice.worker.task.DataFixtures.examples;
import static dev.coppice.worker.task.DataFixtures.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.input.Pixels;
import dev.coppice.worker.input.Symbols;
import dev.coppice.worker.input.TokenIds;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The evaluation sets in data/, whole. */
class ShippedDataTest {

    private static final Path DATA = Path.of("..", "data");

    @Test
    void mnistHasItsKnownClassesAndMean() {
        List<LabelledExample> test = examples("smnist", DATA.resolve("mnist"));

        assertThat(open("smnist", DATA.resolve("mnist")).size()).isEqualTo(10_000);
        assertThat(classes(test)).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
        long sum = 0;
        for (LabelledExample example : test) {
            for (byte value : ((Pixels) example.input()).values()) {
                sum += value & 0xff;
            }
        }
        assertThat(sum).isEqualTo(264_923_200);
    }

    @Test
    void listOpsHasTheTargetsAndLengthsItsSourceStates() {
        Path data = DATA.resolve("listops");
        List<LabelledExample> test = examples("listops", data);

        assertThat(Tasks.dataSha256("listops", data.toString()))
                .isEqualTo("8a7510584a60c0679ad59e81aae5a6ed55b45d62150f526acd14c0c8c864e278");
        assertThat(classes(test)).containsExactly(33, 19, 16, 17, 23, 11, 13, 21, 15, 32);
        assertThat(test)
                .extracting(example -> ((Symbols) example.input()).symbols().size())
                .allSatisfy(length -> assertThat(length).isBetween(504, 1991));
        assertThat(test.stream()
                        .mapToLong(
                                example -> ((Symbols) example.input()).symbols().size())
                        .sum())
                .isEqualTo(213_984);
    }

    @Test
    void shortListOpsIsNumberedWithItsEndMark() {
        List<LabelledExample> test = examples("listops", DATA.resolve("listops-short"));

        assertThat(test).hasSize(2000);
        assertThat(test).allSatisfy(example -> {
            int[] ids = ((TokenIds) example.input()).ids();
            assertThat(ids[ids.length - 1]).isEqualTo(2);
        });
    }

    private static int[] classes(List<LabelledExample> examples) {
        int[] counts = new int[10]; // (classes)
        examples.forEach(example -> counts[example.label()]++);
        return counts;
    }
}
