package dev.coppice.driver.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How Spark is started.
 *
 * @param master Spark's master; null for all processors of this machine, or what spark-submit says
 * @param conf further settings of Spark
 */
public record SparkSettings(@Nullable String master, SortedMap<String, String> conf) {

    public SparkSettings {
        conf = Collections.unmodifiableSortedMap(new TreeMap<>(conf));
    }
}
