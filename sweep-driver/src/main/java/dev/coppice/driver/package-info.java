/** The driver: command line, config, plan, launch and report. */
@NullMarked
package dev.coppice.driver;

import org.jspecify.annotations.NullMarked;
