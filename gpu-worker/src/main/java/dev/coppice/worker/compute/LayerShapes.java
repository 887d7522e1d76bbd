package dev.coppice.worker.compute;

import org.jspecify.annotations.Nullable;

/** Checks of the operands of {@link Compute}'s own operations, for all backends: a wrong one is an {@link IllegalArgumentException}. */
public final class LayerShapes {

    private LayerShapes() {}

    /** Operands of {@link Compute#linear}; the shape of its result. */
    public static int[] linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        int outputs = weight.shape()[0];
        Shapes.check("weight", weight.shape(), outputs, x.columns());
        if (bias != null) {
            Shapes.check("bias", bias.shape(), outputs);
        }
        return withColumns(x, outputs);
    }

    /** Operands of {@link Compute#glu}; the shape of its result. */
    public static int[] glu(Tensor x) {
        if (x.columns() % 2 != 0) {
            throw new IllegalArgumentException("a gated linear unit halves its channels; there are " + x.columns());
        }
        return withColumns(x, x.columns() / 2);
    }

    private static int[] withColumns(Tensor x, int columns) {
        int[] shape = x.shape().clone();
        shape[shape.length - 1] = columns;
        return shape;
    }

    /** Operands of {@link Compute#layerNorm} and {@link Compute#channelAffine}: two numbers for each channel. */
    public static void channels(Tensor x, Tensor scale, String name, Tensor added) {
        Shapes.check("scale", scale.shape(), x.columns());
        Shapes.check(name, added.shape(), x.columns());
    }

    /** Operands of {@link Compute#gate}. */
    public static void gate(Tensor value, Tensor gate, @Nullable Tensor residual) {
        Shapes.check("gate", gate.shape(), value.shape());
        if (residual != null) {
            Shapes.check("residual", residual.shape(), value.shape());
        }
    }
}
