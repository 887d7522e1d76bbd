package dev.coppice.driver.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigPageTest {

    /** docs/config.md shows reference.conf as it is; copy it there after a change. */
    @Test
    void thePageShowsTheReference() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/reference.conf"))) {
            String reference = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Files.readString(Shipped.root().resolve("docs/config.md")))
                    .contains("```hocon\n" + reference + "```\n");
        }
    }
}
