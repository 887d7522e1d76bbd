package dev.coppice.worker.compute.cuda;

import dev.coppice.worker.compute.Carry;
import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvActivation;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;

/** The operations of language models along packed sequences. */
final class SequenceOps {

    private SequenceOps() {}

    static Stateful causalConv(
            CudaRuntime runtime,
            Columns x,
            Tensor weight,
            @Nullable Tensor bias,
            ConvActivation activation,
            Segments segments,
            @Nullable Start start,
            Carry carry) {
        SequenceChecks.causalConv(x, weight, bias, segments, start);
        return ConvKernels.run(
                runtime,
                CudaColumns.of(x),
                CudaTensor.of(weight),
                CudaTensor.orNull(bias),
                activation,
                Along.of(runtime, segments, start, carry));
    }

    static Stateful ssdScan(
            CudaRuntime runtime,
            SsdParameters parameters,
            Columns x,
            Columns b,
            Columns c,
            Columns dt,
            Segments segments,
            @Nullable Start start,
            Carry carry) {
        SequenceChecks.ssdScan(parameters, x, b, c, dt, segments, start);
        SsdKernels.Operands operands =
                new SsdKernels.Operands(CudaColumns.of(x), CudaColumns.of(b), CudaColumns.of(c), CudaColumns.of(dt));
        return SsdKernels.scan(runtime, parameters, operands, Along.of(runtime, segments, start, carry));
    }

    static Stateful selectiveScan(
            CudaRuntime runtime,
            Tensor a,
            Tensor d,
            @Nullable Tensor dtBias,
            Columns x,
            Columns dt,
            Columns b,
            Columns c,
            Segments segments,
            @Nullable Start start,
            Carry carry) {
        SequenceChecks.selectiveScan(a, d, dtBias, x, dt, b, c, segments, start);
        SelectiveScanKernels.Operands operands = new SelectiveScanKernels.Operands(
                CudaTensor.of(a),
                CudaTensor.of(d),
                CudaTensor.orNull(dtBias),
                CudaColumns.of(x),
                CudaColumns.of(dt),
                CudaColumns.of(b),
                CudaColumns.of(c));
        return SelectiveScanKernels.scan(runtime, operands, Along.of(runtime, segments, start, carry));
    }

    static Tensor attention(
            CudaRuntime runtime,
            Columns query,
            Tensor keys,
            Tensor values,
            int heads,
            int kvHeads,
            Segments segments,
            Segments keySegments) {
        SequenceChecks.attention(query, keys, values, heads, kvHeads, segments, keySegments);
        return AttentionKernels.run(
                runtime,
                CudaColumns.of(query),
                CudaTensor.of(keys),
                CudaTensor.of(values),
                heads,
                kvHeads,
                segments,
                keySegments);
    }
}
