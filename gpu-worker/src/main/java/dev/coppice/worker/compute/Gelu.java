package dev.coppice.worker.compute;

/** The two forms of the Gaussian error linear unit (Hendrycks and Gimpel 2016). */
public enum Gelu {
    /** 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
    TANH,
    /** 0.5 x (1 + erf(x / sqrt 2)). */
    ERF
}
