package dev.coppice.driver.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A paper whose numbers are laid beside ours. */
public enum Paper {
    /** LAST (Gwak et al., NeurIPS 2024). */
    LAST,
    /** On Pruning State-Space LLMs (Ghattas et al., EMNLP 2025). */
    SSM_PRUNER;

    /** Its name on the command line, and that of its files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return label();
    }

    /** What is known of its numbers, in the paper's order. */
    List<PaperNumber> numbers() throws IOException {
        return lines(label() + ".csv").stream().skip(1).map(PaperNumber::parse).toList();
    }

    /** Its title, and below it where its numbers come from and how its protocol differs from ours. */
    List<String> notes() throws IOException {
        return lines(label() + ".txt");
    }

    private static List<String> lines(String file) throws IOException {
        InputStream stream = Objects.requireNonNull(Paper.class.getResourceAsStream("papers/" + file), file);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
