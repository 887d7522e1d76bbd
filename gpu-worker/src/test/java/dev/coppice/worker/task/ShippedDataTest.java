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
                .isEqualTo("910e4f024490728a8b04ec9edd9600324a90aca6adae2d7b571a10a85375fdd9");
        assertThat(classes(test)).containsExactly(357, 185, 157, 154, 182, 171, 130, 168, 172, 324);
        assertThat(test)
                .extracting(example -> ((Symbols) example.input()).symbols().size())
                .allSatisfy(length -> assertThat(length).isBetween(501, 1999));
        assertThat(test.stream()
                        .mapToLong(
                                example -> ((Symbols) example.input()).symbols().size())
                        .sum())
                .isEqualTo(2_067_124);
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
