/**
 * A sweep's config: HOCON over reference.conf, read into typed settings. All problems are reported together, each with file
 * and line. Knows no Spark.
 */
@NullMarked
package dev.coppice.driver.config;

import org.jspecify.annotations.NullMarked;
