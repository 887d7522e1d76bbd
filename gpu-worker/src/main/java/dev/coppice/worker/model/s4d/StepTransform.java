package dev.coppice.worker.model.s4d;

/** How the stored parameter becomes the step size dt. */
enum StepTransform {
    /** dt = exp(p). */
    EXP {
        @Override
        double apply(double stored) {
            return Math.exp(stored);
        }
    },
    /** dt = log(1 + exp(p)). */
    SOFTPLUS {
        @Override
        double apply(double stored) {
            return Math.max(stored, 0) + Math.log1p(Math.exp(-Math.abs(stored)));
        }
    };

    abstract double apply(double stored);
}
