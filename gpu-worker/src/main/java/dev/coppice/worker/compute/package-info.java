/**
 * The operations that models are made of, at the grain of a kernel worth fusing. {@link dev.coppice.worker.compute.Compute}
 * is implemented by one package for each backend. Knows no model.
 */
@NullMarked
package dev.coppice.worker.compute;

import org.jspecify.annotations.NullMarked;
