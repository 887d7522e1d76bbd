@NullMarked
package dev.coppice.worker.compute.nd4j;

import org.jspecify.annotations.NullMarked;
