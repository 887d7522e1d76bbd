package dev.coppice.driver.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects what is wrong with a config, so that a user mends it in one go. */
public final class Problems {

    private static final Pattern DESCRIPTION = Pattern.compile("(?:merge of )?(.+?): (\\d+)(?:-\\d+)?(?:,.*)?");

    private final List<String> messages = new ArrayList<>();

    /** Notes a problem at a place of the config. */
    void add(ConfigOrigin origin, String message) {
        messages.add(place(origin) + ": " + message);
    }

    /** file:line where there is one. An object that several files make up stands where the user's own file begins it. */
    static String place(ConfigOrigin origin) {
        Matcher description = DESCRIPTION.matcher(origin.description());
        return description.matches() ? description.group(1) + ":" + description.group(2) : origin.description();
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
