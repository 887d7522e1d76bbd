package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The papers' grids plan where nothing of theirs is there. */
class PaperConfigsTest {

    @TempDir
    private Path output;

    @ParameterizedTest
    @CsvSource({"last, 31", "last-and-wanda, 31", "ssm-pruner, 12", "ssm-pruner-more, 12"})
    void theGridPlansWithoutItsModelsAndData(String paper, int missing) throws IOException {
        String config = Shipped.root().resolve("conf/papers/" + paper + ".conf").toString();

        Run run = Run.of("plan", config, "--json", "--set", "sweep.output=" + output);

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode plan = new ObjectMapper().readTree(run.out());
        assertThat(plan.path("unresolved")).hasSize(missing);
        assertThat(plan.path("cells").asInt()).isZero();
    }

    /** On small models of the four kinds: every method where the model has what it prunes, and nowhere else. */
    @ParameterizedTest
    @CsvSource({"ssm-pruner, 38, 42, 42, 36", "ssm-pruner-more, 52, 54, 54, 54"})
    void theGridOfLanguageModelsHasItsCells(String paper, int mamba2, int phi, int smol2, int hybrid)
            throws IOException {
        assertThat(cells(paper, "mamba2-2.7b", "mamba2-original")).isEqualTo(mamba2);
        assertThat(cells(paper, "phi-mamba-1.5b", "phi-mamba")).isEqualTo(phi);
        assertThat(cells(paper, "smol2-mamba-1.9b", "smol2-mamba")).isEqualTo(smol2);
        assertThat(cells(paper, "hlm-3b", "mamba-in-llama")).isEqualTo(hybrid);
    }

    private int cells(String paper, String name, String fixture) throws IOException {
        Path model = Files.createDirectories(output.resolve(name));
        try (Stream<Path> files = Files.list(Shipped.root()
                .resolve("gpu-worker/src/test/resources/fixtures/llm")
                .resolve(fixture))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, model.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.writeString(model.resolve("tokenizer.json"), "{ \"model\": { \"vocab\": { \"a\": 0 } } }");
        Run run = Run.of(
                "plan",
                Shipped.root().resolve("conf/papers/" + paper + ".conf").toString(),
                "--json",
                "--set",
                "sweep.output=" + output,
                "--set",
                "sweep.models=[{name=\"%s\",path=\"%s\"}]".formatted(name, model),
                "--set",
                "sweep.tasks=[{name=wikitext2,data=\"%s\",protocol=per-line-2048}]".formatted(Shipped.data("lm")),
                "--set",
                "sweep.calibration={data=\"%s\",preset=paper}".formatted(Shipped.data("lm/wiki.valid.head.txt.xz")));
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode plan = new ObjectMapper().readTree(run.out());
        assertThat(plan.path("unresolved")).as(name).isEmpty();
        return plan.path("cells").asInt();
    }
}
