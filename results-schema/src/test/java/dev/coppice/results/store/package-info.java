/** Tests of results on disk. */
@NullMarked
package dev.coppice.results.store;

import org.jspecify.annotations.NullMarked;
