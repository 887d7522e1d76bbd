package dev.coppice.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaperTableTest {

    @TempDir
    private Path output;

    @ParameterizedTest
    @EnumSource(Paper.class)
    void everyNumberIsReadAndAddsUp(Paper paper) throws IOException {
        assertThat(paper.numbers()).isNotEmpty();
        for (PaperNumber number : paper.numbers()) {
            double loss = PaperNumber.loss(number.measure(), number.whole(), number.pruned());
            assertThat(loss).as(number.toString()).isGreaterThanOrEqualTo(0);
            if (paper == Paper.LAST) {
                assertThat(loss).as("LAST's tables have less than a point").isLessThan(1);
            }
        }
        assertThat(paper.notes()).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @EnumSource(Paper.class)
    void thePapersTableIsThereWithoutOurs(Paper paper) throws IOException {
        String text = write(paper, Format.TERMINAL);

        assertThat(text).startsWith(paper.notes().get(0) + "\ntask");
        assertThat(text.lines())
                .hasSize(1 + paper.numbers().size() + paper.notes().size());
        assertThat(write(paper, Format.MARKDOWN)).contains("|---|---|---:|");
        assertThatThrownBy(() -> write(paper, Format.CSV)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyWhatIsMeasuredTheSameWayStandsBesideAPaper() throws IOException {
        Section section = SampleSweep.table(output).sections().get(0);

        assertThat(section.title()).isEqualTo("s5-smnist on smnist");
        for (String protocol : List.of("accuracy", "raw-1024")) {
            PaperNumber number = PaperNumber.parse("s5,*,smnist," + protocol + ",last,0.5,accuracy,0.9,0.8");
            assertThat(number.fits(section)).isEqualTo(protocol.equals("accuracy"));
        }
    }

    private String write(Paper paper, Format format) throws IOException {
        StringBuilder text = new StringBuilder();
        PaperTable.write(paper, format, SampleSweep.table(output), text);
        return text.toString();
    }
}
