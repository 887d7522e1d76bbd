package dev.coppice.driver.cli;

import dev.coppice.worker.compute.Compute;
import dev.coppice.worker.compute.Precision;
import dev.coppice.worker.input.InputKind;
import dev.coppice.worker.job.Backends;
import dev.coppice.worker.job.ModelFamilies;
import dev.coppice.worker.job.PrecisionChoice;
import dev.coppice.worker.job.verify.LanguageVerifier;
import dev.coppice.worker.job.verify.Verification;
import dev.coppice.worker.job.verify.Verifier;
import dev.coppice.worker.model.Model;
import dev.coppice.worker.model.SequenceClassifier;
import dev.coppice.worker.model.language.LanguageModel;
import dev.coppice.worker.prune.Methods;
import dev.coppice.worker.prune.PruningMethod;
import dev.coppice.worker.weights.Checkpoint;
import dev.coppice.worker.weights.Checkpoints;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coppice verify}: our outputs against those that a reference implementation recorded. */
@Command(
        name = "verify",
        description = {
            "Compares a model's outputs and intermediates with a golden safetensors file.",
            "It holds inputs named tokens, x or input_ids, and tensors named as in docs/verify.md.",
            "Exit code 1 when a tensor is beyond the tolerance, 2 when nothing could be compared."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    private Path folder = Path.of("");

    @Parameters(index = "1", paramLabel = "GOLDEN", description = "The golden safetensors file.")
    private Path goldenFile = Path.of("");

    @Option(names = "--weights", paramLabel = "FILE", description = "Which of the folder's weight files to read.")
    private @Nullable String weights;

    @ArgGroup(exclusive = false)
    private @Nullable Pruning pruning;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = {
                "Largest error of a tensor: max |ours - golden| / max(1, max |golden|) in float32, the ratio of the",
                "root mean squares of ours - golden and golden in tf32 and 16 bit. Default: 1e-4, and 2e-2 in these."
            })
    private @Nullable Double asked;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description = "Arithmetic: ${COMPLETION-CANDIDATES}. Default: float32.")
    private Precision precision = Precision.FLOAT32;

    @Option(names = "--backend", paramLabel = "NAME", description = "What computes: cpu, cuda or nd4j. Default: cpu.")
    private String backend = "cpu";

    @Option(names = "--device", paramLabel = "ADDRESS", description = "Which of the backend's devices.")
    private @Nullable String device;

    @Option(names = "--threads", paramLabel = "N", description = "Processor threads. Default: 1.")
    private int threads = 1;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** A pruned model to verify in place of the whole one. */
    static final class Pruning {

        @Option(
                names = "--method",
                paramLabel = "METHOD",
                required = true,
                description = "Prune by this method and compare the golden file's pruned.* tensors.")
        private String method = "";

        @Option(
                names = "--ratio",
                paramLabel = "R",
                required = true,
                description = "Fraction of the states to prune, above 0 and at most 1.")
        private BigDecimal ratio = BigDecimal.ONE;
    }

    @Override
    public Integer call() throws Exception {
        double tolerance = asked != null ? asked : precision == Precision.FLOAT32 ? 1e-4 : 2e-2;
        if (!(tolerance >= 0) || threads < 1) {
            throw new UsageException("--tolerance is a number of at least 0, --threads one of at least 1");
        }
        Model model = ModelFamilies.read(folder, weights);
        try (Checkpoint golden = Checkpoints.open(goldenFile, null);
                Compute compute = open(model instanceof LanguageModel ? InputKind.LANGUAGE : InputKind.SYMBOLS)) {
            Verification verification = verify(model, compute, golden);
            if (verification.comparisons().isEmpty()) {
                throw new UsageException(nothing(Verifier.prunings(golden)));
            }
            if (json) {
                GoldenTable.printJson(
                        verification, tolerance, spec.commandLine().getOut());
            } else {
                GoldenTable.print(verification, tolerance, spec.commandLine().getOut());
            }
            return verification.largestError() <= tolerance ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }

    private Verification verify(Model model, Compute compute, Checkpoint golden) {
        if (model instanceof LanguageModel language && pruning == null) {
            return LanguageVerifier.verify(language, compute, golden);
        }
        if (!(model instanceof SequenceClassifier classifier)) {
            throw new UsageException(folder + ": pruned " + model.architecture() + " models cannot be verified");
        }
        return pruning == null
                ? Verifier.verify(classifier, compute, golden)
                : Verifier.verifyPruned(classifier, compute, golden, method(pruning, model), pruning.ratio);
    }

    private Compute open(InputKind inputs) {
        try {
            String refusal = PrecisionChoice.refusal(Backends.of(backend), precision, inputs);
            if (refusal != null) {
                throw new UsageException(refusal);
            }
            return Backends.open(backend, device, threads, precision);
        } catch (IllegalArgumentException | IllegalStateException e) { // say what is not there and what to do
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static PruningMethod method(Pruning pruning, Model model) {
        if (pruning.ratio.signum() <= 0 || pruning.ratio.compareTo(BigDecimal.ONE) > 0) {
            throw new UsageException("--ratio is " + pruning.ratio.toPlainString() + "; it is above 0 and at most 1");
        }
        PruningMethod method;
        try {
            method = Methods.of(pruning.method);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        String refusal = method.refusal(model.config());
        if (refusal == null && method.calibrated()) {
            refusal = pruning.method + " watches models on calibration data, and verify has none";
        }
        if (refusal != null) {
            throw new UsageException(refusal);
        }
        return method;
    }

    private String nothing(List<String> prunings) {
        String what = pruning == null
                ? "no output or intermediate of this model"
                : "no output of a model pruned by " + pruning.method + " at " + pruning.ratio.toPlainString();
        return goldenFile + ": nothing could be compared, it holds " + what
                + (prunings.isEmpty() ? "" : "; its pruned models are " + String.join(", ", prunings));
    }
}
