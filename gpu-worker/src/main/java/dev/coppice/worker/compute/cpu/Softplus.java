package dev.coppice.worker.compute.cpu;

/** softplus(x) = log(1 + e^x). */
final class Softplus {

    private Softplus() {}

    static double of(double x) {
        double power = Math.exp(-Math.abs(x));
        // the logarithm loses the digits of a small power; two terms of its series keep them
        double tail = power < 1e-5 ? power - 0.5 * power * power : Math.log(1 + power);
        return Math.max(x, 0) + tail;
    }
}
