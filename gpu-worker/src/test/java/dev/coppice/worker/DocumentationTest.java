package dev.coppice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages about tasks and methods name those that exist, and no others. */
class DocumentationTest {

    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void methodsHasALineForEachMethod() throws IOException {
        assertThat(matches("methods.md", "^\\| `([a-z0-9-]+)` \\|"))
                .containsExactlyInAnyOrderElementsOf(Methods.names());
    }

    @Test
    void tasksHasALineForEachTask() throws IOException {
        List<String> lines = matches("tasks.md", "^\\| ([a-z0-9_]+) \\| [^|]+ \\| (?:[0-9]+|-) \\|");
        assertThat(lines).containsExactlyInAnyOrderElementsOf(Tasks.names());
    }

    private static List<String> matches(String page, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(DOCS.resolve(page)))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
