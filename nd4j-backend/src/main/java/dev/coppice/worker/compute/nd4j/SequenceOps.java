package dev.coppice.worker.compute.nd4j;

import dev.coppice.worker.compute.Columns;
import dev.coppice.worker.compute.ConvFilter;
import dev.coppice.worker.compute.Course;
import dev.coppice.worker.compute.LanguageOps;
import dev.coppice.worker.compute.LanguageShapes;
import dev.coppice.worker.compute.ScanInputs;
import dev.coppice.worker.compute.Segments;
import dev.coppice.worker.compute.SelectiveParameters;
import dev.coppice.worker.compute.SsdParameters;
import dev.coppice.worker.compute.Start;
import dev.coppice.worker.compute.Stateful;
import dev.coppice.worker.compute.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The operations of language models that carry a state along packed sequences: states are begun and kept here. */
abstract class SequenceOps implements LanguageOps {

    private final Ops ops;

    SequenceOps(Ops ops) {
        this.ops = ops;
    }

    @Override
    public Stateful causalConv(Columns x, ConvFilter filter, Course course) {
        LanguageShapes.causalConv(x, filter, course);
        Segments segments = course.segments();
        Nd4jTensor out = ops.allocate(segments.rows(), x.count());
        Nd4jTensor window = ops.allocate(course.carry().count(segments), x.count(), filter.width());
        Tensor bias = filter.bias();
        INDArray shift = bias == null ? null : Nd4jTensor.of(bias).vector();
        Convolution convolution = new Convolution(ops, segments, course.start(), x.count(), filter.width());
        if (!out.isEmpty() || !window.isEmpty()) {
            ops.arena()
                    .within(() -> convolution.run(
                            out.isEmpty() ? null : Ops.columns(x),
                            Ops.rows(filter.weight()),
                            shift,
                            filter.activation(),
                            out,
                            window));
        }
        return new Stateful(out, window);
    }

    @Override
    public Stateful ssdScan(SsdParameters parameters, ScanInputs in, Course course) {
        LanguageShapes.ssdScan(parameters, in, course);
        Segments segments = course.segments();
        Start start = course.start();
        int heads = parameters.heads();
        int width = parameters.headWidth();
        int states = parameters.states();
        Nd4jTensor y = ops.allocate(segments.rows(), heads * width);
        Nd4jTensor state = ops.allocate(course.carry().count(segments), heads, width, states);
        if (y.isEmpty()) {
            begin(state, start, segments);
            return new Stateful(y, state);
        }
        ops.arena().within(() -> {
            long each = (long) width * states;
            INDArray begun = start == null
                    ? null
                    : Ops.view(begun(start, segments, heads * each), segments.count(), heads, each);
            SsdScan.Result result = new SsdScan(ops, parameters, segments)
                    .run(
                            Ops.columns(in.x()),
                            Ops.columns(in.b()),
                            Ops.columns(in.c()),
                            Ops.columns(in.dt()),
                            begun,
                            course.carry());
            y.matrix().assign(result.y());
            if (result.states() != null && !state.isEmpty()) {
                state.as(segments.count(), heads, each).assign(result.states());
            }
        });
        return new Stateful(y, state);
    }

    @Override
    public Stateful selectiveScan(SelectiveParameters parameters, ScanInputs in, Course course) {
        LanguageShapes.selectiveScan(parameters, in, course);
        Segments segments = course.segments();
        Start start = course.start();
        Tensor dtBias = parameters.dtBias();
        int channels = in.x().count();
        int states = parameters.states();
        Nd4jTensor y = ops.allocate(segments.rows(), channels);
        Nd4jTensor state = ops.allocate(course.carry().count(segments), channels, states);
        if (y.isEmpty()) {
            begin(state, start, segments);
            return new Stateful(y, state);
        }
        ops.arena().within(() -> {
            Nd4jTensor running = ops.allocate(segments.count(), channels, states);
            begin(running, start, segments);
            INDArray steps = ops.copy(Ops.columns(in.dt()));
            if (dtBias != null) {
                steps.addiRowVector(Nd4jTensor.of(dtBias).vector());
            }
            Ops.softplus(steps);
            INDArray inputs = Ops.columns(in.x());
            INDArray result = new SelectiveScan(ops, new Packing(segments, 1))
                    .run(
                            new SelectiveScan.Operands(
                                    Ops.rows(parameters.a()), inputs, steps, Ops.columns(in.b()), Ops.columns(in.c())),
                            running.as(segments.count(), channels, states));
            y.matrix()
                    .assign(inputs)
                    .muliRowVector(Nd4jTensor.of(parameters.d()).vector())
                    .addi(result);
            if (!state.isEmpty()) {
                state.vector().assign(running.vector());
            }
        });
        return new Stateful(y, state);
    }

    /** Each sequence's state to begin with, (S, width). */
    private INDArray begun(Start start, Segments segments, long width) {
        Nd4jTensor states = Nd4jTensor.of(start.states());
        return ops.pull(states.as(start.states().shape()[0], width), start.parents());
    }

    private void begin(Nd4jTensor state, @Nullable Start start, Segments segments) {
        if (state.isEmpty()) {
            return;
        }
        long width = state.elements() / segments.count();
        INDArray rows = state.as(segments.count(), width);
        if (start == null) {
            rows.assign(0);
        } else {
            ops.arena().within(() -> rows.assign(begun(start, segments, width)));
        }
    }
}
