package dev.coppice.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperReportTest {

    @TempDir
    private Path folder;

    /** A model of the paper's kind on one of its tasks stands beside the paper's figures. */
    @Test
    void ourFiguresStandBesideThePapers() throws IOException {
        Path config =
                Files.writeString(folder.resolve("sweep.conf"), Shipped.config(folder.resolve("out"), """
                models = [{ name = s5-listops, path = "%s" }]
                tasks = [{ name = listops, data = "%s", limit = 4 }]
                methods = [dense]
                """.formatted(
                                Shipped.data("checkpoints/s5-listops"), Shipped.data("listops"))));
        assertThat(Run.of("run", config.toString()).exitCode()).isZero();

        Run report = Run.of("report", config.toString(), "--paper", "last");

        assertThat(report.exitCode()).as(report.err()).isZero();
        assertThat(report.out())
                .containsPattern(
                        "listops +last +0 % +61.48 +[0-9.]+ +61.48 +[0-9.]+ +0.00 +0.00 +s5-listops on listops, 4 examples\n")
                .containsPattern("image +last +30 % +87.30 +- +86.34 +- +0.96 +- +-\n")
                .contains("second hand");
        assertThat(Run.of("report", config.toString(), "--paper", "ssm-pruner", "--format", "markdown")
                        .out())
                .startsWith("## On Pruning State-Space LLMs")
                .contains("| wikitext2 | dstate-random | 50 % | 24.74 |");
        assertThat(Run.of("report", config.toString(), "--paper", "last", "--format", "json")
                        .exitCode())
                .isEqualTo(ExitCodes.USAGE);
        assertThat(Run.of("report", config.toString(), "--paper", "lats").exitCode())
                .isEqualTo(ExitCodes.USAGE);
    }
}
