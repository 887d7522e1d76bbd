package dev.coppice.driver;

import dev.coppice.driver.cli.CoppiceCommand;

/** Entry point of {@code ./coppice} and of spark-submit. */
public final class Main {

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(CoppiceCommand.run(args));
    }
}
