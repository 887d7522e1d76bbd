package dev.coppice.worker.model.layer;

/** A complex number in float64, for the few that are computed once a model. */
public record Complex(double re, double im) {

    /** 1. */
    public static final Complex ONE = new Complex(1, 0);

    /** Sum. */
    public Complex plus(Complex other) {
        return new Complex(re + other.re, im + other.im);
    }

    /** Difference. */
    public Complex minus(Complex other) {
        return new Complex(re - other.re, im - other.im);
    }

    /** Product. */
    public Complex times(Complex other) {
        return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
    }

    /** Product with a real number. */
    public Complex times(double factor) {
        return new Complex(re * factor, im * factor);
    }

    /** Quotient. */
    public Complex over(Complex divisor) {
        double norm = divisor.re * divisor.re + divisor.im * divisor.im;
        return new Complex((re * divisor.re + im * divisor.im) / norm, (im * divisor.re - re * divisor.im) / norm);
    }

    /** e to the power of this. */
    public Complex exp() {
        double length = Math.exp(re);
        return new Complex(length * Math.cos(im), length * Math.sin(im));
    }

    /** e to the power of this, minus 1, without the loss of digits near 0. */
    public Complex expm1() {
        double halfSine = Math.sin(im / 2);
        return new Complex(Math.expm1(re) * Math.cos(im) - 2 * halfSine * halfSine, Math.exp(re) * Math.sin(im));
    }

    /** Absolute value. */
    public double abs() {
        return Math.hypot(re, im);
    }
}
