package dev.coppice.driver.launch;

import dev.coppice.driver.Shipped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Spark master and two workers of two cores and two GPUs each, as processes of their own, from the jars that Maven has
 * fetched. The GPUs are those that deploy/nvidia-gpus.sh finds in the answer of an nvidia-smi: 0 and 1 for one worker, 2 and 3
 * for the other. There is no more of them than that.
 */
final class StandaloneCluster implements AutoCloseable {

    /** What the driver jar brings along and a Spark distribution does not have. */
    private static final Pattern NOT_SPARKS = Pattern.compile(
            "(openblas|javacpp|cuda|config|picocli|carpet-|msgpack|jspecify|chart\\.js|parquet-variant).*");

    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final List<Process> workers = new ArrayList<>();
    private final String jars;
    private final Process master;
    private final String address;

    /** Starts the cluster; its home and logs go to {@code folder}. */
    StandaloneCluster(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        sparkHome();
        String discovery = Shipped.root().resolve("deploy/nvidia-gpus.sh").toString();
        jars = sparkJars();
        int port = freePort();
        address = "spark://127.0.0.1:" + port;
        master = start(
                "master",
                List.of(),
                null,
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--webui-port",
                "0");
        await("the master", () -> log("master").contains("elected leader"));
        for (int w = 0; w < 2; w++) {
            String worker = "worker-" + (w + 1);
            workers.add(start(
                    worker,
                    List.of(
                            "-Dspark.worker.resource.gpu.amount=2",
                            "-Dspark.worker.resource.gpu.discoveryScript=" + discovery),
                    nvidiaSmi(worker, 2 * w, 2 * w + 1),
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--cores",
                    "2",
                    "--memory",
                    "1g",
                    "--webui-port",
                    "0",
                    "--work-dir",
                    folder.resolve(worker).toString(),
                    address));
            await(worker, () -> log(worker).contains("Successfully registered"));
        }
    }

    /** A folder with an nvidia-smi that lists two GPUs. */
    private Path nvidiaSmi(String worker, int first, int second) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(worker + "-bin"));
        Path script = bin.resolve("nvidia-smi");
        Files.writeString(script, "#!/bin/sh\nprintf '%d\\n%d\\n'\n".formatted(first, second));
        if (!script.toFile().setExecutable(true)) {
            throw new IOException(script + " cannot be made executable");
        }
        return bin;
    }

    /** The layout of a distribution, as far as workers look for it; the jars come by SPARK_DIST_CLASSPATH. */
    private void sparkHome() throws IOException {
        Files.createDirectories(folder.resolve("jars"));
        Files.writeString(folder.resolve("RELEASE"), "of the jars that Maven has fetched\n");
    }

    private static String sparkJars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : Files.readString(Path.of("target/classpath.txt")).split(":")) {
            Path jar = Path.of(entry.strip());
            if (Files.isRegularFile(jar)
                    && !NOT_SPARKS.matcher(jar.getFileName().toString()).matches()
                    && !jar.startsWith(Shipped.root())) {
                jars.add(jar.toString());
            }
        }
        return String.join(":", jars);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process start(
            String name, List<String> javaOptions, @Nullable Path bin, String mainClass, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx700m");
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", jars, mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("SPARK_HOME", folder.toString());
        builder.environment().put("SPARK_DIST_CLASSPATH", jars);
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        if (bin != null) {
            builder.environment().merge("PATH", bin.toString(), (path, own) -> own + ":" + path);
        }
        return builder.start();
    }

    /**
     * Submits a sweep by Spark's own SparkSubmit.
     *
     * @param name of its log
     * @param more options of spark-submit
     */
    Process submit(String name, Path config, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("--master", address, "--executor-memory", "700m", "--class", "dev.coppice.driver.Main"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of(driverJar().toString(), "run", config.toString()));
        return start(
                name,
                List.of("--add-modules", "jdk.incubator.vector"),
                null,
                "org.apache.spark.deploy.SparkSubmit",
                arguments.toArray(String[]::new));
    }

    private static Path driverJar() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target"), "sweep-driver-*-all.jar")) {
            return jars.iterator().next().toAbsolutePath();
        }
    }

    /** The executors that run now. */
    List<ProcessHandle> executors() {
        return workers.stream().flatMap(Process::children).toList();
    }

    /** What a process has printed so far. */
    String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            throw new IllegalStateException(name + " has no log", e);
        }
    }

    void await(String what, BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(what + " did not come in " + PATIENCE_SECONDS + " s; see " + folder);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() {
        executors().forEach(ProcessHandle::destroyForcibly);
        workers.forEach(Process::destroyForcibly);
        master.destroyForcibly();
    }
}
