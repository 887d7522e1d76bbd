package dev.coppice.worker.task;

import dev.coppice.results.DidYouMean;
import dev.coppice.worker.task.classify.Cifar;
import dev.coppice.worker.task.classify.DocumentPairs;
import dev.coppice.worker.task.classify.ListOps;
import dev.coppice.worker.task.classify.Mnist;
import dev.coppice.worker.task.classify.Reviews;
import dev.coppice.worker.task.data.DataHash;
import dev.coppice.worker.task.data.DataPath;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All tasks by name. A new one is a line here. */
public final class Tasks {

    /** The parameter that takes the first N examples only. */
    public static final String LIMIT = "limit";

    /** The parameter that says which data is meant: {@link #dataSha256} must give its value. */
    public static final String DATA_SHA256 = "dataSha256";

    private static final List<String> PARAMETERS = List.of(DATA_SHA256, LIMIT);

    private static final SortedMap<String, Entry> ENTRIES = Collections.unmodifiableSortedMap(new TreeMap<>(Stream.of(
                    new Entry(Mnist.SEQUENTIAL, Mnist::sequential),
                    new Entry(Mnist.PERMUTED, Mnist::permuted),
                    new Entry(ListOps.DEFINITION, ListOps::find),
                    new Entry(Reviews.DEFINITION, Reviews::find),
                    new Entry(Cifar.DEFINITION, Cifar::find),
                    new Entry(DocumentPairs.DEFINITION, DocumentPairs::find))
            .collect(Collectors.toMap(entry -> entry.definition().name(), Function.identity()))));

    private record Entry(TaskDefinition definition, Function<DataPath, ? extends ExampleSource> finder) {

        ExampleSource find(String dataPath) {
            return finder.apply(new DataPath(dataPath));
        }
    }

    private Tasks() {}

    /** Names of all tasks, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(ENTRIES.keySet());
    }

    /**
     * What the task called {@code name} is.
     *
     * @throws IllegalArgumentException for an unknown name; the message has a similar one
     */
    public static TaskDefinition definition(String name) {
        return entry(name).definition();
    }

    /**
     * The task called {@code name} over the data at {@code dataPath}. Finds the files and reads their heads; the
     * examples are checked as they are read.
     *
     * @param dataPath file or folder, a local name or a Hadoop URI
     * @param parameters {@value #LIMIT}: the first N examples only; {@value #DATA_SHA256}: refuse other data
     * @throws IllegalArgumentException for an unknown task or parameter, or a limit that is not a number from 1
     * @throws DataException when the data is missing, of another layout or not what {@value #DATA_SHA256} says
     */
    public static ClassificationTask open(String name, String dataPath, SortedMap<String, String> parameters) {
        Entry entry = entry(name);
        int limit = limit(name, parameters);
        ExampleSource source = entry.find(dataPath);
        String wanted = parameters.get(DATA_SHA256);
        if (wanted != null) {
            String found = DataHash.of(source.files());
            if (!wanted.equals(found)) {
                throw new DataException(dataPath + ": found data of SHA-256 " + found + ", expected " + wanted
                        + "; it was changed since the jobs were planned: plan again, or put the data back");
            }
        }
        return new FileTask(entry.definition(), source, limit);
    }

    /**
     * SHA-256 of the files that the task reads, unpacked: packing and renaming a file changes nothing. Hashes are kept
     * while the process lives, so asking again costs a look at each file's length and time.
     *
     * @return the file's own hash where the task reads one file, else the hash over those of its files
     * @throws IllegalArgumentException for an unknown task
     * @throws DataException when the data is missing or cannot be read
     */
    public static String dataSha256(String name, String dataPath) {
        return DataHash.of(entry(name).find(dataPath).files());
    }

    private static Entry entry(String name) {
        Entry entry = ENTRIES.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("unknown task \"" + name + "\"; " + DidYouMean.hint(name, names()));
        }
        return entry;
    }

    private static int limit(String name, Map<String, String> parameters) {
        for (String parameter : parameters.keySet()) {
            if (!PARAMETERS.contains(parameter)) {
                throw new IllegalArgumentException("task " + name + " has no parameter \"" + parameter + "\"; "
                        + DidYouMean.hint(parameter, PARAMETERS));
            }
        }
        String limit = parameters.get(LIMIT);
        if (limit == null) {
            return Integer.MAX_VALUE;
        }
        if (!limit.matches("0*[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(
                    "the limit of task " + name + " must be a whole number from 1, not \"" + limit + "\"");
        }
        return Integer.parseInt(limit);
    }
}
