package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The papers' grids plan where nothing of theirs is there. */
class PaperConfigsTest {

    @TempDir
    private Path output;

    @ParameterizedTest
    @CsvSource({"last, 31", "ssm-pruner, 12"})
    void theGridPlansWithoutItsModelsAndData(String paper, int missing) throws IOException {
        String config = Shipped.root().resolve("conf/papers/" + paper + ".conf").toString();

        Run run = Run.of("plan", config, "--json", "--set", "sweep.output=" + output);

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode plan = new ObjectMapper().readTree(run.out());
        assertThat(plan.path("unresolved")).hasSize(missing);
        assertThat(plan.path("cells").asInt()).isZero();
    }
}
