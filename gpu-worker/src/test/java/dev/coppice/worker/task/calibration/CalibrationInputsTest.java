package dev.coppice.worker.task.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.worker.task.ClassificationTask;
import dev.coppice.worker.task.DataException;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Examples of a task that are drawn to calibrate on. */
class CalibrationInputsTest {

    private static final String PATH = Path.of("..", "data", "listops").toString();
    private static final ClassificationTask TASK = Tasks.classification("listops", PATH, Collections.emptySortedMap());

    private static List<Integer> drawn(int samples, long seed) {
        return new CalibrationInputs(TASK, PATH)
                .draw(new InputSettings(InputSource.EVALUATION, samples, seed)).stream()
                        .map(LabelledExample::index)
                        .toList();
    }

    /** A list of all is shuffled as far as there are samples, with Python's generator. */
    @Test
    void drawsAreDifferentExamplesInTheirOrder() {
        for (long seed = 0; seed < 3; seed++) {
            MersenneTwister random = new MersenneTwister(seed);
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(i);
            }
            for (int i = 0; i < 50; i++) {
                Collections.swap(all, i, i + random.below(200 - i));
            }
            List<Integer> expected = new ArrayList<>(all.subList(0, 50));
            Collections.sort(expected);

            assertThat(drawn(50, seed)).isEqualTo(expected).doesNotHaveDuplicates();
        }
        assertThat(drawn(50, 0)).isNotEqualTo(drawn(50, 1));
        assertThat(drawn(200, 0)).hasSize(200);
    }

    @Test
    void tooFewAreAnError() {
        assertThatThrownBy(() -> drawn(201, 0))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        PATH + ": holds 200 examples of listops, and 201 are asked for to calibrate on; lower samples");
    }
}
