package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The papers' grids plan where nothing of theirs is there. */
class PaperConfigsTest {

    @TempDir
    private Path output;

    @Test
    void lastPlansWithoutItsModelsAndData() throws IOException {
        String config = Shipped.root().resolve("conf/papers/last.conf").toString();

        Run run = Run.of("plan", config, "--json", "--set", "sweep.output=" + output);

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode plan = new ObjectMapper().readTree(run.out());
        assertThat(plan.path("unresolved")).hasSize(20 + 11);
        assertThat(plan.path("cells").asInt()).isZero();
    }
}
