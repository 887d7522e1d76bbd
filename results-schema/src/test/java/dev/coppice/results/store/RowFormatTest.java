package dev.coppice.results.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.jerolba.carpet.annotation.NotNull;
import dev.coppice.results.FailureKind;
import dev.coppice.results.PlannedJob;
import dev.coppice.results.ResultRow;
import dev.coppice.results.Sample;
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
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type.Repetition;
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
    void columnsOfRowsMayBeAddedButNotChanged() throws IOException {
        assertGrownFrom("row.schema", file(List.of(Rows.done(1, 1))));
    }

    @Test
    void columnsOfPlansMayBeAddedButNotChanged() throws IOException {
        Path file = Files.write(
                folder.resolve("plan.parquet"),
                ParquetRecords.encodeOne(PlanColumns.class, PlanColumns.of(Rows.job(1))));

        assertGrownFrom("plan.schema", file);
    }

    @Test
    void columnsOfSamplesMayBeAddedButNotChanged() throws IOException {
        Sample sample = new Sample(0, 1, 1, true, null, -0.5, List.of(-1.5, -0.5), 1, null, null);
        Path file = Files.write(
                folder.resolve("samples.parquet"),
                ParquetRecords.encodeOne(
                        SampleColumns.class, SampleColumns.of(Rows.job(1).jobId(), 1, sample)));

        assertGrownFrom("sample.schema", file);
    }

    @Test
    void aFileFromBeforeAColumnWasAddedReadsAsNull() throws IOException {
        PlanColumns now = PlanColumns.of(Rows.job(1));
        EarlierPlan earlier = new EarlierPlan(now.jobId(), now.model(), now.ratioRequested());
        Path file = Files.write(folder.resolve("plan.parquet"), ParquetRecords.encodeOne(EarlierPlan.class, earlier));

        List<PlanColumns> back = new ArrayList<>();
        ParquetRecords.read(new LocalInputFile(file), PlanColumns.class, back::add);

        assertThat(back).hasSize(1);
        assertThat(back.get(0).model()).isEqualTo(now.model());
        assertThat(back.get(0).ratioRequested()).isEqualTo(0.3);
        assertThat(back.get(0).seed()).isNull();
        assertThat(back.get(0).architecture()).isNull();
    }

    /** A plan as a version with fewer columns would have written it. */
    private record EarlierPlan(
            @NotNull String jobId, @NotNull String model, double ratioRequested) {}

    /** The golden schema is that of the first release: its columns come first, as they were; later ones may be null. */
    private static void assertGrownFrom(String golden, Path file) throws IOException {
        MessageType released = MessageTypeParser.parseMessageType(text("/golden/" + golden));
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            MessageType schema = reader.getFileMetaData().getSchema();
            int columns = released.getFieldCount();
            assertThat(schema.getFields().subList(0, columns)).isEqualTo(released.getFields());
            assertThat(schema.getFields().subList(columns, schema.getFieldCount()))
                    .allMatch(column -> column.isRepetition(Repetition.OPTIONAL));
        }
    }

    private Path file(List<ResultRow> rows) throws IOException {
        List<RowColumns> columns = rows.stream().map(RowMapping::flatten).toList();
        return Files.write(folder.resolve("rows.parquet"), ParquetRecords.encode(RowColumns.class, columns));
    }

    private static String text(String resource) throws IOException {
        try (InputStream stream = Objects.requireNonNull(RowFormatTest.class.getResourceAsStream(resource))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
