package dev.coppice.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.results.store.ResultStore;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The result files as people query them: by Spark SQL, straight from the folders. */
class ResultSqlTest {

    private static final SparkSession SPARK = SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", 1)
            .getOrCreate();

    @TempDir
    private Path output;

    @AfterAll
    static void stop() {
        SPARK.stop();
    }

    @Test
    void rowsAnswerQueriesBeforeAndAfterCompaction() {
        SampleSweep.table(output);
        assertAnswers("rows");

        ResultStore.at(output.toString()).compact(SampleSweep.SWEEP);
        assertAnswers("compacted");
    }

    private void assertAnswers(String folder) {
        SPARK.read()
                .parquet(output.resolve(SampleSweep.SWEEP).resolve(folder).toString())
                .createOrReplaceTempView("results");
        assertThat(first("select count(*) from results where ratio_requested = 0.3")
                        .getLong(0))
                .as("a decimal literal")
                .isEqualTo(5);
        assertThat(first("select count(*) from results where ratio_requested = 0.7D")
                        .getLong(0))
                .as("a double literal")
                .isEqualTo(5);
        Row last = first("select accuracy, kept_per_layer[0], provenance.libraries['spark'], started from results"
                + " where model = 's5-smnist' and method = 'last' and ratio_requested = 0.5");
        assertThat(last.getDouble(0)).isEqualTo(0.95);
        assertThat(last.getInt(1)).isEqualTo(22);
        assertThat(last.getString(2)).isEqualTo("4.2.0");
        assertThat(last.getTimestamp(3).toInstant()).hasToString("2026-01-02T03:04:05Z");
        assertThat(first("select failure_kind, accuracy is null from results where status = 'FAILED'"))
                .satisfies(row ->
                        assertThat(List.of(row.getString(0), row.getBoolean(1))).isEqualTo(List.of("NUMERIC", true)));
    }

    private static Row first(String query) {
        return SPARK.sql(query).first();
    }
}
