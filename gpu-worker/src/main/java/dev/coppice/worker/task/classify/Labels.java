package dev.coppice.worker.task.classify;

import dev.coppice.worker.task.data.DataErrors;

/** Class labels as data holds them. */
final class Labels {

    private Labels() {}

    /** {@code label}, when it is a class. */
    static int checked(int label, int classes, String place) {
        if (label < 0 || label >= classes) {
            throw DataErrors.at(
                    place, "the label " + label, "0 to " + (classes - 1), "check that the data belongs to this task");
        }
        return label;
    }

    /** The label that {@code field} spells, in digits. */
    static int parsed(String field, int classes, String place) {
        boolean digits =
                !field.isEmpty() && field.length() <= 9 && field.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw DataErrors.at(
                    place,
                    "the label " + DataErrors.quoted(field),
                    "0 to " + (classes - 1),
                    "check that the data belongs to this task");
        }
        return checked(Integer.parseInt(field), classes, place);
    }
}
