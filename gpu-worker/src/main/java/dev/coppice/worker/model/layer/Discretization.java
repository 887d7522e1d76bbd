package dev.coppice.worker.model.layer;

/**
 * How the continuous system x' = lambda x + b u becomes the discrete one x_t = lamBar x_{t-1} + bBar u_t with steps of
 * length dt (Smith et al. 2023, S5, section 2; Gu et al. 2022, S4D, section 3.1).
 */
public enum Discretization {
    /** The input is constant over a step: lamBar = exp(dt lambda), bBar = b (exp(dt lambda) - 1) / lambda. */
    ZOH {
        @Override
        public Complex lamBar(Complex lambda, double dt) {
            return lambda.times(dt).exp();
        }

        @Override
        public Complex inputFactor(Complex lambda, double dt) {
            return lambda.abs() == 0
                    ? new Complex(dt, 0)
                    : lambda.times(dt).expm1().over(lambda);
        }
    },
    /** Bilinear transform: lamBar = (1 + dt lambda/2) / (1 - dt lambda/2), bBar = b dt / (1 - dt lambda/2). */
    BILINEAR {
        @Override
        public Complex lamBar(Complex lambda, double dt) {
            Complex half = lambda.times(dt / 2);
            return Complex.ONE.plus(half).over(Complex.ONE.minus(half));
        }

        @Override
        public Complex inputFactor(Complex lambda, double dt) {
            return new Complex(dt, 0).over(Complex.ONE.minus(lambda.times(dt / 2)));
        }
    };

    /** The discrete eigenvalue of {@code lambda}. */
    public abstract Complex lamBar(Complex lambda, double dt);

    /** bBar / b. */
    public abstract Complex inputFactor(Complex lambda, double dt);
}
