package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.task.Tasks;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ListCommandTest {

    private static String list(String... kind) {
        String[] args = new String[kind.length + 1];
        args[0] = "list";
        System.arraycopy(kind, 0, args, 1, kind.length);
        Run run = Run.of(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    /** What a config may say of a method stands beside its name. */
    @Test
    void methodsAreListedWithTheirParameters() {
        String methods = list("methods");

        assertThat(methods.lines()).hasSameSizeAs(Methods.names());
        assertThat(methods)
                .containsPattern("(?m)^last +prunes states$")
                .containsPattern("(?m)^random +prunes states, by chance \\(takes seeds\\)$")
                .containsPattern(
                        "(?m)^wanda +prunes weights, watches calibration data; targets = mixer \\| mixer-in \\|"
                                + " mixer-mlp \\| all; pattern = none \\| 2:4 \\| 4:8; propagate = pruned \\| dense; allocation ="
                                + " row \\| alpha-search \\| matrix \\| layer$");
    }

    @Test
    void modelsAndTasksAreListed() throws IOException {
        assertThat(list("models"))
                .containsPattern("(?m)^s5 +classifiers of sequences: S5$")
                .containsPattern("(?m)^discrete-mamba2 +language models: Phi-Mamba, Smol2-Mamba, Llamba$");
        JsonNode tasks = new ObjectMapper().readTree(list("tasks", "--json"));
        assertThat(tasks).hasSameSizeAs(Tasks.names());
        assertThat(tasks.path("pathx").asText()).startsWith("2 classes; data: ");
    }
}
