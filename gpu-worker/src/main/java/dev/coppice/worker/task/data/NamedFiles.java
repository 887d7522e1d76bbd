package dev.coppice.worker.task.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Files that are told by their names.
 *
 * @param names the whole name, without the ending of a packed file
 * @param folders folders inside a data path where they may lie instead, in the order in which they are looked into
 * @param description what they are called, for messages
 */
public record NamedFiles(Pattern names, List<String> folders, String description) {

    private static final Pattern SHARD = Pattern.compile(".*-[0-9]+-of-[0-9]+\\.parquet");

    /**
     * The file at {@code path} itself, or in that folder the one file of such a name; or all shards of a Parquet table, in
     * their order.
     *
     * @throws dev.coppice.worker.task.DataException when there is none, or several that are no shards
     */
    public List<DataFile> in(DataPath path) {
        return path.file().map(List::of).orElseGet(() -> inFolder(path));
    }

    private List<DataFile> inFolder(DataPath path) {
        List<DataPath> places = new ArrayList<>();
        places.add(path);
        folders.stream().map(path::child).filter(DataPath::isFolder).forEach(places::add);
        for (DataPath place : places) {
            List<DataFile> found =
                    place.files(file -> names.matcher(file.plainName()).matches());
            boolean shards = found.stream()
                    .allMatch(file -> SHARD.matcher(file.plainName()).matches());
            if (found.size() == 1 || shards && !found.isEmpty()) {
                return found;
            }
            if (!found.isEmpty()) {
                throw several(place, found);
            }
        }
        throw DataErrors.at(path.path(), "no such file", description, "name the file itself as the data path");
    }

    private RuntimeException several(DataPath place, List<DataFile> found) {
        return DataErrors.at(
                place.path(),
                String.join(", ", found.stream().map(DataFile::name).toList()),
                "one file: " + description,
                "name the file itself as the data path");
    }
}
