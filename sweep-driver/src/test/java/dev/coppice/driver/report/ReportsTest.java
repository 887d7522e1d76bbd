package dev.coppice.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.results.store.StoredRows;
import dev.coppice.worker.prune.Methods;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportsTest {

    private static final int JOBS_WITH_ROWS = 28;

    @TempDir
    private Path output;

    @Test
    void terminal() throws IOException {
        assertThat(report(Format.TERMINAL)).isEqualTo("""
                s5-smnist on smnist
                accuracy in %, below it the difference to dense in points; s5, float32, test split, 200 examples
                dense                  99.00
                  ratio                  0.1     0.3     0.5     0.7     0.9
                ------------------------------------------------------------
                last                   99.00   98.00   95.00   90.00   83.00
                                       +0.00   -1.00   -4.00   -9.00  -16.00
                uniform-hinf           98.50   96.00   88.50   76.00  failed
                                       -0.50   -3.00  -10.50  -23.00
                random                 93.00   88.50   75.00   52.50   21.00
                                       -6.00  -10.50  -24.00  -46.50  -78.00
                  ± std, 3 seeds       ±1.00   ±1.00   ±1.00   ±1.00   ±1.00

                s4d|<i> on smnist
                accuracy in %, below it the difference to dense in points; s4d, float32, test split, 200 examples
                dense                  95.00
                  ratio                  0.5     0.7
                ------------------------------------
                last                   92.50       -
                                       -2.50

                27 done, 1 failed, 1 pending
                failed: NUMERIC 1
                  s5-smnist on smnist, uniform-hinf 0.9 [2032a3645e6f]
                    NUMERIC: layer 2 has NaN scores: see </script><b>&"weights"
                """);
    }

    @Test
    void markdown() throws IOException {
        assertThat(report(Format.MARKDOWN)).isEqualTo("""
                # sample

                27 done, 1 failed, 1 pending.

                ## s5-smnist on smnist

                Accuracy in % (s5, float32, test split, 200 examples), difference to dense (99.00) in points.

                | method | 0.1 | 0.3 | 0.5 | 0.7 | 0.9 |
                |---|---:|---:|---:|---:|---:|
                | last | 99.00 (+0.00) | 98.00 (-1.00) | 95.00 (-4.00) | 90.00 (-9.00) | 83.00 (-16.00) |
                | uniform-hinf | 98.50 (-0.50) | 96.00 (-3.00) | 88.50 (-10.50) | 76.00 (-23.00) | failed |
                | random | 93.00 ± 1.00 (-6.00) | 88.50 ± 1.00 (-10.50) | 75.00 ± 1.00 (-24.00) | 52.50 ± 1.00 (-46.50) | 21.00 ± 1.00 (-78.00) |

                ## s4d\\|&lt;i> on smnist

                Accuracy in % (s4d, float32, test split, 200 examples), difference to dense (95.00) in points.

                | method | 0.5 | 0.7 |
                |---|---:|---:|
                | last | 92.50 (-2.50) | - |

                ## Failed

                - s5-smnist on smnist, uniform-hinf 0.9: NUMERIC: layer 2 has NaN scores: see &lt;/script>&lt;b>&amp;"weights"
                """);
    }

    @Test
    void csvHasALineAJobWithTheColumnsOfTheFiles() throws IOException {
        List<String> lines = report(Format.CSV).lines().toList();

        assertThat(lines).hasSize(1 + JOBS_WITH_ROWS);
        assertThat(lines.get(0))
                .startsWith("sweep,job_id,attempt,status,failure_kind,failure_message,model,architecture,task,")
                .contains(",ratio_requested,seed,", ",kept_per_layer,", ",accuracy,accuracy_stderr,", ",device,");
        assertThat(lines.get(1))
                .startsWith("sample,")
                .contains(",DONE,,,s5-smnist,s5,smnist,1,accuracy,test,dense,,0,,");
        assertThat(lines)
                .filteredOn(line -> line.contains("FAILED"))
                .singleElement()
                .asString()
                .contains(",NUMERIC,\"layer 2 has NaN scores: see </script><b>&\"\"weights\"\"\",");
        assertThat(lines).filteredOn(line -> line.contains(",32 32 32 32,")).hasSize(2);
    }

    @Test
    void json() throws IOException {
        JsonNode root = new ObjectMapper().readTree(report(Format.JSON));

        assertThat(root.get("done").asInt()).isEqualTo(27);
        assertThat(root.get("failed").asInt()).isEqualTo(1);
        assertThat(root.get("pending").asInt()).isEqualTo(1);
        JsonNode section = root.get("sections").get(0);
        assertThat(section.get("model").asText()).isEqualTo("s5-smnist");
        assertThat(section.get("dense").get("accuracy").asDouble()).isEqualTo(0.99);
        assertThat(section.get("ratios").toString()).isEqualTo("[0.1,0.3,0.5,0.7,0.9]");
        JsonNode random = section.get("methods").get(2);
        assertThat(random.get("name").asText()).isEqualTo("random");
        JsonNode half = random.get("cells").get(2);
        assertThat(half.get("ratio").asDouble()).isEqualTo(0.5);
        assertThat(half.get("done").asInt()).isEqualTo(3);
        assertThat(half.get("accuracy").asDouble()).isEqualTo(0.75);
        assertThat(half.get("kept_per_layer")).hasSize(4);
        JsonNode failed = section.get("methods").get(1).get("cells").get(4);
        assertThat(failed.get("accuracy").isNull()).isTrue();
        assertThat(failed.get("failed").asInt()).isEqualTo(1);
        assertThat(root.get("failures").get(0).get("kind").asText()).isEqualTo("NUMERIC");
    }

    @Test
    void thePageStandsAloneAndShowsEverything() throws IOException {
        String page = report(Format.HTML);

        assertThat(page).doesNotContain("src=", "href=", "@import", "{{");
        assertThat(page).contains("Chart.js v4.4.9", "<h1>sample</h1>", "27 done, 1 failed, 1 pending");
        assertThat(page).contains("75.00<small>\u00b11.00</small><small>\u221224.00</small>");
        assertThat(page).contains("<td class=\"failed\">failed</td>", "host-1", "0123abcd");
    }

    @Test
    void namesAndMessagesCannotBreakOutOfThePage() throws IOException {
        String page = report(Format.HTML);

        assertThat(page).doesNotContain("s4d|<i>", "</script><b>");
        assertThat(page).contains("s4d|&lt;i&gt; on smnist", "see &lt;/script&gt;&lt;b&gt;&amp;&quot;weights&quot;");
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertThat(data.find()).isTrue();
        JsonNode root = new ObjectMapper().readTree(data.group(1));
        assertThat(root.get("failures").get(0).get("message").asText())
                .isEqualTo("layer 2 has NaN scores: see </script><b>&\"weights\"");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void anEmptySweepHasAReport(Format format) throws IOException {
        ResultTable empty = ResultTable.of("none", List.of(), new StoredRows(List.of(), List.of()), Methods::standard);
        StringBuilder text = new StringBuilder();

        Reports.write(format, empty, null, text);

        assertThat(text.toString()).endsWith("\n");
    }

    private String report(Format format) throws IOException {
        StringBuilder text = new StringBuilder();
        Reports.write(format, SampleSweep.table(output), null, text);
        return text.toString();
    }
}
