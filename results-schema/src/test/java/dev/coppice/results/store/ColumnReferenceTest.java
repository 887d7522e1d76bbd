package dev.coppice.results.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnReferenceTest {

    @TempDir
    private Path folder;

    @Test
    void thePageInTheDocumentationIsTheOneThatTheCodeMakes() {
        assertThat(Path.of("..", "docs", "result-columns.md"))
                .as("write ColumnReference.markdown() to docs/result-columns.md")
                .hasContent(ColumnReference.markdown());
    }

    @Test
    void itNamesEveryColumnOfAFileAndNoOther() throws IOException {
        Path file = Files.write(
                folder.resolve("row.parquet"),
                ParquetRecords.encodeOne(RowColumns.class, RowMapping.flatten(Rows.done(1, 1))));
        String rows = ColumnReference.markdown().split("## Plans", 2)[0];
        Matcher names =
                Pattern.compile("^\\| `([a-z0-9_]+)`", Pattern.MULTILINE).matcher(rows);

        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            MessageType schema = reader.getFileMetaData().getSchema();
            assertThat(names.results().map(match -> match.group(1)))
                    .containsExactlyElementsOf(schema.getFields().stream()
                            .map(field -> field.getName())
                            .toList());
        }
    }
}
