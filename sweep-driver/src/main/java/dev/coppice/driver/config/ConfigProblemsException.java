package dev.coppice.driver.config;

import java.util.List;

/** A config that cannot be used. */
public final class ConfigProblemsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** All that is wrong, each with its place. */
    ConfigProblemsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, each with its place. */
    public List<String> problems() {
        return problems;
    }
}
