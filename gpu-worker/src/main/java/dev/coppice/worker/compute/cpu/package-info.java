/**
 * The processor as a device: OpenBLAS for matrix products, the Vector API for everything else.
 *
 * <pre>
 * B  sequences of a batch          T  time steps             R  rows, B T
 * H  channels                      P  states of an S5 layer  n  states of an S4D channel
 * D  directions                    C  classes                V  vocabulary
 * W  elements of a vector, and states or channels of a block; a block of S5 states is one vector of W/2 real and W/2
 *    imaginary parts
 * N  points of a Fourier transform
 * </pre>
 */
@NullMarked
package dev.coppice.worker.compute.cpu;

import org.jspecify.annotations.NullMarked;
