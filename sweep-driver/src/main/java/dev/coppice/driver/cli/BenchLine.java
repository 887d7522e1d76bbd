package dev.coppice.driver.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.BuildInfo;
import dev.coppice.worker.job.bench.Conditions;
import dev.coppice.worker.job.bench.Measurement;
import dev.coppice.worker.job.bench.Repeats;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON line of a benchmark, with the fields of benchmarks/peers. */
final class BenchLine {

    static final long MIB = 1L << 20;

    private static final MathContext FOUR_DIGITS = new MathContext(4);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";

    private BenchLine() {}

    /** A line that says what is measured. */
    static ObjectNode of(String bench, Conditions conditions) {
        return JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("bench", bench)
                .put("threads", conditions.threads());
    }

    /** Adds a repeat's times. */
    static void addTimes(ObjectNode to, Repeats times) {
        to.put("median_s", rounded(times.median()))
                .put("min_s", rounded(times.min()))
                .put("max_s", rounded(times.max()))
                .put("repeats", times.wallSeconds().length)
                .put("cpu_median_s", rounded(times.medianProcessor()));
    }

    /** Adds the rate of floating-point operations and what it is part of. */
    static void addRate(ObjectNode to, Measurement measured) {
        to.put("gflop_per_s", rounded(measured.gigaflops()))
                .put("peak_gflop_per_s", rounded(measured.peakGigaflops()))
                .put("share_of_peak", rounded(measured.shareOfPeak()));
    }

    /** Adds where it ran, in how much memory, and with what. */
    static void addSurroundings(ObjectNode to, Compute compute, Conditions conditions, long tensorBytes) {
        to.put("tensor_mib", tensorBytes / MIB);
        to.withObject("options")
                .put("backend", compute.device().backend())
                .put("device", compute.device().name())
                .put("precision", compute.precision().configName())
                .put("seed", conditions.seed());
        addProcess(to);
    }

    /** Adds what surrounds every measurement. */
    static void addProcess(ObjectNode to) {
        to.put("loadavg", rounded(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()))
                .put("peak_rss_mib", peakResidentMebibytes());
        to.putObject("versions")
                .put("coppice", BuildInfo.current().toString())
                .put("java", Runtime.version().toString())
                .put("openblas", CpuBackend.requireNative())
                .put("openblas_coretype", System.getenv("OPENBLAS_CORETYPE")); // null: its own choice of kernels
    }

    /** Most memory that the process had resident, mapped files included; null where Linux does not tell. */
    private static @Nullable Long peakResidentMebibytes() {
        if (!Files.isReadable(STATUS)) {
            return null;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(PEAK))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static BigDecimal rounded(double value) {
        return new BigDecimal(value, FOUR_DIGITS);
    }
}
