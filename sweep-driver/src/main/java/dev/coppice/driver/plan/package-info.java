/** From settings to jobs: the grid, what of it is impossible, finished or missing, and what is left to run. Knows no Spark. */
@NullMarked
package dev.coppice.driver.plan;

import org.jspecify.annotations.NullMarked;
