package dev.coppice.driver.cli;

import dev.coppice.driver.report.Format;
import dev.coppice.driver.report.Reports;
import dev.coppice.driver.report.ResultTable;
import dev.coppice.driver.search.Search;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Writes a report to a file, whole or not at all. */
final class ReportFile {

    private ReportFile() {}

    static void write(Path file, Format format, ResultTable table, @Nullable Search search) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path temporary = absolute.resolveSibling(absolute.getFileName() + ".tmp");
        try (Writer out = Files.newBufferedWriter(temporary)) {
            Reports.write(format, table, search, out);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw new UsageException(file + ": the report cannot be written: " + e.getMessage());
        }
        Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING);
    }
}
