package dev.coppice.worker.compute.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compiles every kernel for the given compute capabilities and prints registers, shared memory and spills of each: {@code make
 * kernels}. Needs NVRTC and no GPU.
 */
public final class KernelReport {

    private static final Pattern FUNCTION = Pattern.compile("Compiling entry function '(\\w+)'");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern USED = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    private KernelReport() {}

    /**
     * Prints the report.
     *
     * @param arguments compute capabilities, such as 75 80 90 100
     */
    public static void main(String[] arguments) {
        CudaLibraries.requireCompiler();
        System.out.println("NVRTC " + KernelCompiler.version());
        System.out.printf("%-8s%-36s%10s%10s%10s  %s%n", "target", "kernel", "registers", "shared", "spilled", "form");
        for (int architecture :
                Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray()) {
            for (KernelSource source : KernelCatalog.of(architecture)) {
                String log = KernelCompiler.compile(source, architecture, List.of("--ptxas-options=-v"))
                        .log();
                print(KernelCompiler.target(architecture), source, log);
            }
        }
    }

    private static void print(String target, KernelSource source, String log) {
        String function = "";
        String spilled = "0";
        for (String line : log.lines().toList()) {
            Matcher named = FUNCTION.matcher(line);
            Matcher spills = SPILLS.matcher(line);
            Matcher used = USED.matcher(line);
            if (named.find()) {
                function = named.group(1);
            } else if (spills.find()) {
                spilled = spills.group(1);
            } else if (used.find()) {
                Matcher shared = SHARED.matcher(line);
                System.out.printf(
                        "%-8s%-36s%10s%10s%10s  %s%n",
                        target,
                        function,
                        used.group(1),
                        shared.find() ? shared.group(1) : "0",
                        spilled,
                        String.join(" ", source.defines()));
            } else if (line.contains("warning")) {
                System.out.println(line.strip());
            }
        }
    }
}
