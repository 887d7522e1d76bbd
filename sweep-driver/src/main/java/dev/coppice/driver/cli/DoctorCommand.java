package dev.coppice.driver.cli;

import dev.coppice.worker.compute.Backend;
import dev.coppice.worker.compute.cpu.CpuBackend;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.BuildInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code coppice doctor}: what this machine has and lacks. */
@Command(
        name = "doctor",
        description = "Checks what Coppice needs of this machine, and says how to get what is missing.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private static final long GIB = 1L << 30;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private boolean healthy = true;

    @Override
    public Integer call() {
        check("Coppice", () -> BuildInfo.current().toString());
        check("Java", DoctorCommand::java);
        check("Vector API", () -> {
            CpuBackend.requireVectorApi();
            return "there";
        });
        check("OpenBLAS", CpuBackend::requireNative);
        check("device cpu", () -> new CpuBackend().devices().get(0).name());
        Backends.names().stream()
                .filter(name -> !name.equals(CpuBackend.NAME))
                .forEach(name -> check("device " + name, () -> devices(Backends.of(name))));
        check(
                "processors",
                () -> Runtime.getRuntime().availableProcessors()
                        + ", so that many jobs at a time with worker.threads = 1");
        check(
                "heap",
                () -> Runtime.getRuntime().maxMemory() / (GIB / 1024 * 1024)
                        + " GiB (more by COPPICE_JAVA_OPTS=-Xmx...)");
        check("Spark", () -> "version " + sparkVersion());
        check("disk", () -> Path.of("").toAbsolutePath().toFile().getUsableSpace() / GIB + " GiB free here");
        return healthy ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** Other devices than the processor are no need: without one this says why, as something that is well. */
    private static String devices(Backend backend) {
        try {
            return backend.devices().stream()
                    .map(device -> device.address() + " " + device.name()
                            + (device.driver() == null ? "" : " (" + device.driver() + ")"))
                    .collect(Collectors.joining(", "));
        } catch (IllegalStateException e) {
            return "none: " + e.getMessage();
        }
    }

    private static String java() {
        int feature = Runtime.version().feature();
        if (feature != 17) {
            throw new IllegalStateException(
                    "version " + feature + "; Coppice is built for 17: set JAVA_HOME to a JDK 17");
        }
        return Runtime.version() + " in " + System.getProperty("java.home");
    }

    private static String sparkVersion() {
        String location =
                String.valueOf(DoctorCommand.class.getClassLoader().getResource("org/apache/spark/SparkContext.class"));
        if (location.equals("null")) {
            throw new IllegalStateException("not on the class path: start by ./coppice or spark-submit");
        }
        return location.replaceAll(".*spark-core_[0-9.]+-([^/!]+)\\.jar.*", "$1");
    }

    private void check(String what, Supplier<String> look) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.printf("ok    %-12s %s%n", what, look.get());
        } catch (IllegalStateException e) {
            healthy = false;
            out.printf("NOT   %-12s %s%n", what, e.getMessage());
        }
    }
}
