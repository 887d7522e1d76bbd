/**
 * NVIDIA GPUs: the driver API, matrix products by cuBLASLt, and our own kernels, which lie beside the classes as readable
 * {@code .cu} files and are compiled by NVRTC for the GPU at hand at their first use.
 *
 * <pre>
 * R  rows: tokens, or time steps of all sequences      D  channels of a row      V  vocabulary
 * S  sequences of a packed batch                       H  heads                  P  width of a head
 * N  states of a head or channel                       K  width of a convolution
 * </pre>
 *
 * A compute has one stream. Everything that it does is queued there in order, so
 * memory that one operation gives up serves the next without waiting. The processor waits in three places only: when values are
 * downloaded, when the ring of small uploads has been gone round, and when it is closed.
 */
@NullMarked
package dev.coppice.worker.compute.cuda;

import org.jspecify.annotations.NullMarked;
