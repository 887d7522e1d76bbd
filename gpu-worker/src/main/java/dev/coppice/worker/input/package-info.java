/**
 * What an example is before a model encodes it: pixels, sound, symbols or text. Tasks produce it, models consume it, and neither
 * knows the other.
 */
@NullMarked
package dev.coppice.worker.input;

import org.jspecify.annotations.NullMarked;
