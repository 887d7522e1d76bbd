/**
 * What a sweep found, for people and programs: {@link dev.coppice.driver.report.ResultTable} arranges the rows, model by task,
 * methods against ratios; one class a format writes it out.
 */
@NullMarked
package dev.coppice.driver.report;

import org.jspecify.annotations.NullMarked;
