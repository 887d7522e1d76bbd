/** The command line: one class a command. */
@NullMarked
package dev.coppice.driver.cli;

import org.jspecify.annotations.NullMarked;
