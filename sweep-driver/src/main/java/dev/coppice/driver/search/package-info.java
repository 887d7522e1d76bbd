/** The largest ratio within a loss, found among what was measured already. Knows results alone; plans ask it, and reports. */
@NullMarked
package dev.coppice.driver.search;

import org.jspecify.annotations.NullMarked;
