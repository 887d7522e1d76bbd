/** Runs a plan on Spark and watches it. The only part of the driver that knows Spark. */
@NullMarked
package dev.coppice.driver.launch;

import org.jspecify.annotations.NullMarked;
