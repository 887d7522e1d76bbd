package dev.coppice.worker.task.data;

import dev.coppice.worker.task.DataException;
import java.io.IOException;

/** The wording of what can be wrong with data: where, what was found, what was expected, what to do. */
public final class DataErrors {

    private static final int QUOTED_CHARACTERS = 60;

    private DataErrors() {}

    /**
     * Content that is not as its layout says.
     *
     * @param place file, and row or line where there is one
     */
    public static DataException at(String place, String found, String expected, String advice) {
        return new DataException(place + ": found " + found + ", expected " + expected + "; " + advice);
    }

    /** A file that cannot be read to its end. */
    public static DataException unreadable(String path, IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new DataException(
                path + ": cannot be read (" + reason
                        + "); check that it exists, may be read and is complete, or fetch it again",
                cause);
    }

    /** A file of the ending .parquet, or a row of it, that is none. */
    static DataException notParquet(String place, Exception cause) {
        return new DataException(
                place + ": cannot be read as Parquet (" + cause.getMessage() + "); check that the file is complete",
                cause);
    }

    /** A piece of the data for a message: in quotes, its end cut off when it is long. */
    public static String quoted(String piece) {
        String shown = piece.length() <= QUOTED_CHARACTERS ? piece : piece.substring(0, QUOTED_CHARACTERS) + "...";
        return "\"" + shown + "\"";
    }
}
