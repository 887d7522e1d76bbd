package dev.coppice.driver.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a config, so that a user mends it in one go. */
public final class Problems {

    private final List<String> messages = new ArrayList<>();

    /** Notes a problem at a place of the config. */
    void add(ConfigOrigin origin, String message) {
        messages.add(place(origin) + ": " + message);
    }

    private static String place(ConfigOrigin origin) {
        String file = origin.filename() == null ? origin.description() : origin.filename();
        return origin.lineNumber() > 0 && origin.filename() != null ? file + ":" + origin.lineNumber() : file;
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return messages.isEmpty();
    }

    /**
     * Returns when there are none.
     *
     * @throws ConfigProblemsException with all of them
     */
    void throwIfAny() {
        if (!messages.isEmpty()) {
            throw new ConfigProblemsException(messages);
        }
    }
}
