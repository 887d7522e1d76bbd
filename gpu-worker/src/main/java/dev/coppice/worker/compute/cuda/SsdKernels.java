package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.DType;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.SsdStep;
import dev.coppice.worker.compute.Stateful;
import java.util.ArrayList;
import java.util.List;

/**
 * Launches of {@code ssd_chunked.cu}, for 16-bit elements on tensor cores, and of {@code ssd_recurrent.cu}, for everything else. Which
 * one runs depends on the model and the GPU alone. R rows, S sequences, H heads, P head width, N states.
 */
final class SsdKernels {

    static final List<KernelSource> SOURCES = sources();

    private static final int CHUNK = 64; // steps
    private static final int WIDTH = 64; // columns of a head that a block of ssd_recurrent takes
    private static final int PADDING = 8; // of rows in shared memory
    private static final int OLDEST_TENSOR_CORES = 80;
    private static final int UNIT_STATES = 32;
    private static final int FEW_STATES = 128; // more leave registers for half of the columns
    private static final int STEP_HEADS = 32; // of a block of ssd_steps
    private static final int THREADS = 256; // of ssd_steps and ssd_recurrent
    private static final int CHUNKED_THREADS = 128;

    private SsdKernels() {}

    private static List<KernelSource> sources() {
        List<KernelSource> sources = new ArrayList<>();
        for (DType type : CudaTypes.ELEMENTS) {
            for (SsdStep step : SsdStep.values()) {
                sources.add(recurrent(type, 128, step));
                sources.add(recurrent(type, SequenceChecks.MOST_SSD_STATES, step));
                sources.add(steps(type, step));
            }
            if (type != DType.FLOAT32) {
                for (int states : new int[] {64, 96, 128, 256}) {
                    sources.add(new Form(states, 1, states > FEW_STATES ? 1 : 2).source(type));
                }
                sources.add(new Form(128, 1, 1).source(type));
                sources.add(new Form(128, 0, 2).source(type));
            }
        }
        return sources;
    }

    /**
     * A form of the chunked kernel.
     *
     * @param states N
     * @param aligned 1 where 16 bytes may be copied at a time
     * @param stages chunks in shared memory, 1 or 2
     */
    private record Form(int states, int aligned, int stages) {

        /** Columns of a head that a block takes. */
        int width() {
            return states > FEW_STATES ? WIDTH / 2 : WIDTH;
        }

        int padded() {
            return (states + UNIT_STATES - 1) / UNIT_STATES * UNIT_STATES;
        }

        int sharedBytes() {
            int row = padded() + PADDING;
            int out = Math.max(padded(), width()) + PADDING;
            int elements = stages * CHUNK * (out + row + width() + PADDING) + width() * row;
            return elements * Short.BYTES + stages * 3 * CHUNK * Float.BYTES;
        }

        KernelSource source(DType type) {
            return new KernelSource(
                    "ssd_chunked.cu",
                    "ELEMENT=" + CudaTypes.element(type),
                    "STATES=" + padded(),
                    "WIDTH=" + width(),
                    "ALIGNED=" + aligned,
                    "STAGES=" + stages,
                    "BLOCKS=2");
        }
    }

    private static KernelSource steps(DType type, SsdStep step) {
        return new KernelSource("ssd_steps.cu", "ELEMENT=" + CudaTypes.element(type), discrete(step));
    }

    private static KernelSource recurrent(DType type, int states, SsdStep step) {
        return new KernelSource(
                "ssd_recurrent.cu",
                "ELEMENT=" + CudaTypes.element(type),
                "STATES=" + (states + 15) / 16 * 16,
                discrete(step));
    }

    private static String discrete(SsdStep step) {
        return "DISCRETE=" + (step == SsdStep.DISCRETE ? 1 : 0);
    }

    /** y (R, H P) and states (S, H, P, N). */
    static Stateful scan(CudaRuntime runtime, SsdParameters parameters, CudaScanInputs in, Along along) {
        int heads = parameters.heads();
        CudaTensor y = runtime.allocate(in.x().dtype(), along.segments().rows(), heads * parameters.headWidth());
        CudaTensor states = along.states(runtime, heads, parameters.headWidth(), parameters.states());
        int aligned = in.x().aligned()
                        && in.b().aligned()
                        && in.c().aligned()
                        && parameters.headWidth() % 8 == 0
                        && parameters.states() % 8 == 0
                ? 1
                : 0;
        int room = runtime.device().sharedBytes();
        Form form = new Form(parameters.states(), aligned, parameters.states() > FEW_STATES ? 1 : 2);
        if (form.sharedBytes() > room) {
            form = new Form(parameters.states(), aligned, 1);
        }
        if (in.x().dtype() == DType.FLOAT32
                || runtime.device().architecture() < OLDEST_TENSOR_CORES
                || form.sharedBytes() > room) {
            recurrent(runtime, parameters, in, along, y, states);
        } else {
            chunked(runtime, parameters, in, along, form, y, states);
        }
        return new Stateful(y, states);
    }

    private static void recurrent(
            CudaRuntime runtime,
            SsdParameters parameters,
            CudaScanInputs in,
            Along along,
            CudaTensor y,
            CudaTensor states) {
        long[] own = uploads(runtime, parameters);
        Launch launch = runtime.launch(
                        recurrent(in.x().dtype(), parameters.states(), parameters.step()), "ssd_recurrent")
                .grid(blocks(parameters, along, WIDTH))
                .block(THREADS);
        rows(launch, in.x(), in.b(), in.c());
        sizes(launch, parameters, in.dt(), own);
        places(launch, parameters, along, own, y, states);
        launch.run();
    }

    private static void chunked(
            CudaRuntime runtime,
            SsdParameters parameters,
            CudaScanInputs in,
            Along along,
            Form form,
            CudaTensor y,
            CudaTensor states) {
        int rows = along.segments().rows();
        int heads = parameters.heads();
        long[] own = uploads(runtime, parameters);
        int[] chunks = Along.blocks(along.segments(), CHUNK);
        long chunkOffsets = runtime.ints(chunks);
        CudaTensor steps = runtime.allocate(DType.FLOAT32, 3, heads, rows); // L, its rest, the input's scale
        long part = (long) heads * rows * Float.BYTES;
        Launch launch = runtime.launch(steps(in.dt().dtype(), parameters.step()), "ssd_steps")
                .grid((long) chunks[chunks.length - 1] * ((heads + STEP_HEADS - 1) / STEP_HEADS))
                .block(THREADS);
        sizes(launch, parameters, in.dt(), own);
        launch.pointer(along.offsets())
                .pointer(chunkOffsets)
                .int32(along.segments().count())
                .pointer(steps.address())
                .pointer(steps.address() + part)
                .pointer(steps.address() + 2 * part)
                .int32(heads)
                .int32(rows)
                .run();
        launch = runtime.launch(form.source(in.x().dtype()), "ssd_chunked")
                .grid(blocks(parameters, along, form.width()))
                .block(CHUNKED_THREADS)
                .shared(form.sharedBytes());
        rows(launch, in.x(), in.b(), in.c());
        launch.pointer(steps.address()).pointer(steps.address() + part).pointer(steps.address() + 2 * part);
        places(launch, parameters, along, own, y, states);
        launch.int32(rows).run();
        runtime.drop(steps);
    }

    /** Device addresses of A, the bias of dt and D. */
    private static long[] uploads(CudaRuntime runtime, SsdParameters parameters) {
        return new long[] {
            runtime.floats(parameters.a()), runtime.floats(parameters.dtBias()), runtime.floats(parameters.d())
        };
    }

    private static long blocks(SsdParameters parameters, Along along, int width) {
        int tiles = (parameters.headWidth() + width - 1) / width;
        return (long) along.segments().count() * tiles * parameters.heads();
    }

    private static void rows(Launch launch, CudaColumns... operands) {
        for (CudaColumns operand : operands) {
            launch.pointer(operand).int64(operand.stride());
        }
    }

    private static void sizes(Launch launch, SsdParameters parameters, CudaColumns dt, long[] own) {
        rows(launch, dt);
        launch.pointer(own[0]).pointer(own[1]).float32(parameters.dtMin()).float32(parameters.dtMax());
    }

    private static void places(
            Launch launch, SsdParameters parameters, Along along, long[] own, CudaTensor y, CudaTensor states) {
        launch.pointer(own[2])
                .pointer(along.offsets())
                .pointer(along.start())
                .pointer(along.parents())
                .pointer(y)
                .pointer(states)
                .int32(parameters.heads())
                .int32(parameters.heads() / parameters.xHeads())
                .int32(parameters.heads() / parameters.bGroups())
                .int32(parameters.heads() / parameters.cGroups())
                .int32(parameters.headWidth())
                .int32(parameters.states());
    }
}
