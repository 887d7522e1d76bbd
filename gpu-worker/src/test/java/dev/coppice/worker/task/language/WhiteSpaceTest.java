package dev.coppice.worker.task.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WhiteSpaceTest {

    /** What Python 3's str.isspace accepts, of the basic multilingual plane (all there is). */
    private static final String PYTHON =
            "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004"
                    + "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    @Test
    void itIsPythons() {
        assertThat(IntStream.rangeClosed(0, 0xffff).filter(c -> WhiteSpace.is((char) c)))
                .containsExactlyElementsOf(PYTHON.chars().boxed().toList());
        assertThat(IntStream.rangeClosed(0, 0xffff)
                        .filter(c -> Character.toString(c).matches("[" + WhiteSpace.CLASS + "]")))
                .containsExactlyElementsOf(PYTHON.chars().boxed().toList());
    }

    @Test
    void endsAreStrippedAndPiecesCounted() {
        assertThat(WhiteSpace.strip("\u3000 a b\u00a0\n")).isEqualTo("a b");
        assertThat(WhiteSpace.strip(" \n")).isEmpty();
        assertThat(WhiteSpace.endOfContent("a b \n")).isEqualTo(3);
        assertThat(WhiteSpace.pieces("a b\n\u00a0c")).isEqualTo(3);
        assertThat(WhiteSpace.pieces(" a ")).isEqualTo(3);
    }
}
