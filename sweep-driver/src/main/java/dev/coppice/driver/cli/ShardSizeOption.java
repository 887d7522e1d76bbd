package dev.coppice.driver.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How large a written weight file may be. */
final class ShardSizeOption {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(KB|MB|GB)");

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            description = "Most bytes of one weight file, such as 500MB. Default: 5GB.")
    private String size = "5GB";

    /** The size in bytes; units are decimal, as in Hugging Face's tools. */
    long bytes() {
        Matcher matcher = SIZE.matcher(size.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new UsageException("--shard-size is " + size + "; expected a number with KB, MB or GB, such as 5GB");
        }
        long unit = switch (matcher.group(2)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            default -> 1_000_000_000L;
        };
        return unit * Long.parseLong(matcher.group(1));
    }
}
