package dev.coppice.worker.task.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file that a list of the data names.
 *
 * @param folder where it lies, below the root of the data
 * @param name its name there
 * @param place file and line of the list, for messages
 */
public record ListedFile(String folder, String name, String place) {

    /**
     * The entry {@code folder/name} of a list.
     *
     * @throws dev.coppice.worker.task.DataException when it is no path below the root
     */
    public ListedFile {
        boolean plain = (folder + "/" + name).matches("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)+") && !name.contains("/");
        if (!plain) {
            throw DataErrors.at(
                    place,
                    DataErrors.quoted(folder + "/" + name),
                    "a folder of the data and a file in it",
                    "mend the line, or fetch the file again");
        }
    }

    /**
     * The files that are meant, in their order. Each folder is listed once, which remote file systems answer a thousand times
     * faster than a question for each file.
     *
     * @throws dev.coppice.worker.task.DataException when one is not there; the message names the line that lists it
     */
    public static List<DataFile> under(DataPath root, List<ListedFile> listed) {
        Map<String, Set<String>> names = new HashMap<>(); // by folder
        for (ListedFile file : listed) {
            names.computeIfAbsent(file.folder, folder -> new HashSet<>()).add(file.name);
        }
        Map<String, DataFile> found = new HashMap<>(); // by folder/name
        names.forEach((folder, wanted) -> {
            DataPath path = root.child(folder);
            if (path.isFolder()) {
                path.files(file -> wanted.contains(file.name()))
                        .forEach(file -> found.put(folder + "/" + file.name(), file));
            }
        });
        List<DataFile> files = new ArrayList<>(listed.size());
        for (ListedFile file : listed) {
            DataFile there = found.get(file.folder + "/" + file.name);
            if (there == null) {
                throw DataErrors.at(
                        file.place,
                        "no file " + root.child(file.folder).child(file.name).path(),
                        "the file that this line names",
                        "unpack the data set again");
            }
            files.add(there);
        }
        return files;
    }
}
