package dev.coppice.worker.compute.cpu;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Single-threaded matrix products of OpenBLAS. Its thread count belongs to the process, so it is fixed once, at one: work
 * is spread over lanes instead, and a product's result does not depend on how many there are.
 */
final class Blas {

    static {
        openblas.blas_set_num_threads(1);
    }

    private Blas() {}

    /** Version of the native library, and the processor type that it is held to; loading it is the check that it works here. */
    static String description() {
        String heldTo = System.getenv("OPENBLAS_CORETYPE");
        return openblas.OPENBLAS_VERSION.strip()
                + (heldTo == null ? "" : ", held to the kernels of " + heldTo + " by OPENBLAS_CORETYPE");
    }

    /**
     * c = a b' + beta c.
     *
     * @param a (m, k)
     * @param b (n, k)
     * @param c (m, n)
     */
    static void multiply(int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        if (m == 0 || n == 0) {
            return;
        }
        if (m == 1) { // a row by a matrix: the matrix-vector kernel reads each weight once
            openblas.cblas_sgemv(openblas.CblasRowMajor, openblas.CblasNoTrans, n, k, 1f, b, k, a, 1, beta, c, 1);
        } else {
            openblas.cblas_sgemm(
                    openblas.CblasRowMajor,
                    openblas.CblasNoTrans,
                    openblas.CblasTrans,
                    m,
                    n,
                    k,
                    1f,
                    a,
                    k,
                    b,
                    k,
                    beta,
                    c,
                    n);
        }
    }

    /**
     * c = a b' + beta c for matrices that are parts of larger ones.
     *
     * @param a (m, k)
     * @param b (n, k)
     * @param c (m, n)
     */
    static void timesTransposed(int m, int n, int k, Block a, Block b, float beta, Block c) {
        if (m == 1) { // nothing is packed: the matrix-vector kernel reads each weight once
            openblas.cblas_sgemv(
                    openblas.CblasRowMajor,
                    openblas.CblasNoTrans,
                    n,
                    k,
                    1f,
                    b.at(),
                    b.stride(),
                    a.at(),
                    1,
                    beta,
                    c.at(),
                    1);
        } else {
            product(openblas.CblasNoTrans, openblas.CblasTrans, m, n, k, a, b, beta, c);
        }
    }

    /**
     * c = a b + beta c.
     *
     * @param a (m, k)
     * @param b (k, n)
     * @param c (m, n)
     */
    static void times(int m, int n, int k, Block a, Block b, float beta, Block c) {
        product(openblas.CblasNoTrans, openblas.CblasNoTrans, m, n, k, a, b, beta, c);
    }

    /**
     * c = a' b + beta c.
     *
     * @param a (k, m)
     * @param b (k, n)
     * @param c (m, n)
     */
    static void transposedTimes(int m, int n, int k, Block a, Block b, float beta, Block c) {
        product(openblas.CblasTrans, openblas.CblasNoTrans, m, n, k, a, b, beta, c);
    }

    private static void product(int aForm, int bForm, int m, int n, int k, Block a, Block b, float beta, Block c) {
        openblas.cblas_sgemm(
                openblas.CblasRowMajor,
                aForm,
                bForm,
                m,
                n,
                k,
                1f,
                a.at(),
                a.stride(),
                b.at(),
                b.stride(),
                beta,
                c.at(),
                c.stride());
    }
}
