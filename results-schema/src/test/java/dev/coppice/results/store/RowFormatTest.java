package dev.coppice.results.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.FailureKind;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFormatTest {

    @TempDir
    private Path folder;

    @Test
    void everyColumnOfARowComesBack() throws IOException {
        List<ResultRow> rows = List.of(Rows.done(1, 2), Rows.failed(2, 1, FailureKind.DATA));

        List<ResultRow> back = new ArrayList<>();
        ParquetRecords.read(
                new LocalInputFile(file(rows)), RowColumns.class, columns -> back.add(RowMapping.restore(columns)));

        assertThat(back).isEqualTo(rows);
    }

    @Test
    void everyColumnOfAPlannedJobComesBack() throws IOException {
        List<PlannedJob> jobs = Rows.jobs(3);
        Path file = Files.write(
                folder.resolve("plan.parquet"),
                ParquetRecords.encode(
                        PlanColumns.class, jobs.stream().map(PlanColumns::of).toList()));

        List<PlannedJob> back = new ArrayList<>();
        ParquetRecords.read(new LocalInputFile(file), PlanColumns.class, columns -> back.add(columns.restore()));

        assertThat(back).isEqualTo(jobs);
    }

    @Test
    void everyRatioOfNineDecimalsComesBackFromItsDouble() {
        for (int i = 0; i < 1_000_000; i += 7) {
            BigDecimal ratio = BigDecimal.valueOf(999_999_999L - 911L * i, 9);
            assertThat(BigDecimal.valueOf(ratio.doubleValue())).isEqualByComparingTo(ratio);
        }
    }

    @Test
    void columnsThatAreThereStayAsTheyAre() throws IOException {
        Path file = file(List.of(Rows.done(1, 1)));

        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            assertThat(reader.getFileMetaData().getSchema().toString().strip()).isEqualTo(golden("row.schema"));
        }
    }

    @Test
    void planColumnsThatAreThereStayAsTheyAre() throws IOException {
        Path file = Files.write(
                folder.resolve("plan.parquet"),
                ParquetRecords.encodeOne(PlanColumns.class, PlanColumns.of(Rows.job(1))));

        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            assertThat(reader.getFileMetaData().getSchema().toString().strip()).isEqualTo(golden("plan.schema"));
        }
    }

    private Path file(List<ResultRow> rows) throws IOException {
        List<RowColumns> columns = rows.stream().map(RowMapping::flatten).toList();
        return Files.write(folder.resolve("rows.parquet"), ParquetRecords.encode(RowColumns.class, columns));
    }

    private static String golden(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(RowFormatTest.class.getResourceAsStream("/golden/" + name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
