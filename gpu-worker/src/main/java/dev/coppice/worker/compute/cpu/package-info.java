/**
 * The processor as a device: OpenBLAS for matrix products, the Vector API for everything else.
 */
@NullMarked
package dev.coppice.worker.compute.cpu;

import org.jspecify.annotations.NullMarked;
