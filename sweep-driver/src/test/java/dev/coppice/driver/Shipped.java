package dev.coppice.driver;

import java.nio.file.Files;
import java.nio.file.Path;

/** The data and models that ship with the project. */
public final class Shipped {

    private Shipped() {}

    /** The project's root. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("coppice"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests run outside the project");
            }
        }
        return folder;
    }

    /** A path below data/. */
    public static Path data(String name) {
        return root().resolve("data").resolve(name);
    }

    /** The config of a small sweep over the shipped S5 model; {@code more} is added inside {@code sweep}. */
    public static String config(Path output, String more) {
        return """
                sweep {
                  name = small
                  models = [{ name = s5-smnist, path = "%s" }]
                  tasks = [{ name = smnist, data = "%s", limit = 20 }]
                  methods = [last, uniform-magnitude]
                  ratios = [0.5, 0.9]
                  output = "%s"
                  %s
                }
                """.formatted(data("checkpoints/s5-smnist"), data("mnist"), output, more);
    }
}
