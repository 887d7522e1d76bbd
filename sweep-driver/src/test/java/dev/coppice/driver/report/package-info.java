/** Tests of reports. */
@NullMarked
package dev.coppice.driver.report;

import org.jspecify.annotations.NullMarked;
