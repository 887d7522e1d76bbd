package dev.coppice.worker.task;

import dev.coppice.results.DidYouMean;
import dev.coppice.worker.task.classify.Cifar;
import dev.coppice.worker.task.classify.DocumentPairs;
import dev.coppice.worker.task.classify.ListOps;
import dev.coppice.worker.task.classify.Mnist;
import dev.coppice.worker.task.classify.Pathfinder;
import dev.coppice.worker.task.classify.Reviews;
import dev.coppice.worker.task.classify.SpeechCommands;
import dev.coppice.worker.task.data.DataHash;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.language.Arc;
import dev.coppice.worker.task.language.HellaSwag;
import dev.coppice.worker.task.language.Lambada;
import dev.coppice.worker.task.language.OpenBookQa;
import dev.coppice.worker.task.language.Piqa;
import dev.coppice.worker.task.language.WikiText;
import dev.coppice.worker.task.language.Winogrande;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All tasks by name. A new one is a line here. */
public final class Tasks {

    private static final SortedMap<String, TaskEntry> ENTRIES =
            Collections.unmodifiableSortedMap(new TreeMap<>(Stream.of(
                            new ClassificationEntry(Mnist.SEQUENTIAL, Mnist::sequential),
                            new ClassificationEntry(Mnist.PERMUTED, Mnist::permuted),
                            new ClassificationEntry(ListOps.DEFINITION, ListOps::find),
                            new ClassificationEntry(Reviews.DEFINITION, Reviews::find),
                            new ClassificationEntry(Cifar.IN_GREY, Cifar::grey),
                            new ClassificationEntry(Cifar.IN_COLOUR, Cifar::colour),
                            new ClassificationEntry(DocumentPairs.DEFINITION, DocumentPairs::find),
                            new ClassificationEntry(Pathfinder.DEFINITION, Pathfinder::find),
                            new ClassificationEntry(Pathfinder.PATHX, Pathfinder::findPathX),
                            new ClassificationEntry(SpeechCommands.DEFINITION, SpeechCommands::find),
                            new ClassificationEntry(SpeechCommands.AT_HALF_RATE, SpeechCommands::findAtHalfRate),
                            Lambada.ENTRY,
                            HellaSwag.ENTRY,
                            Piqa.ENTRY,
                            Arc.EASY,
                            Arc.CHALLENGE,
                            Winogrande.ENTRY,
                            OpenBookQa.ENTRY,
                            WikiText.ENTRY)
                    .collect(Collectors.toMap(entry -> entry.definition().name(), Function.identity()))));

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
     * How the task called {@code name} computes its metric with these parameters, in a word.
     *
     * @throws IllegalArgumentException for an unknown task, parameter or protocol, or a number that is not from 1
     */
    public static String protocol(String name, SortedMap<String, String> parameters) {
        TaskEntry entry = entry(name);
        return entry.protocol(TaskParameters.of(name, entry.parameters(), parameters));
    }

    /**
     * The task called {@code name} over the data at {@code dataPath}. Finds the files and reads their heads; the
     * examples are checked as they are read.
     *
     * @param dataPath file or folder, a local name or a Hadoop URI
     * @param parameters by the names in {@link TaskParameters}
     * @return a {@link ClassificationTask} or a {@link LanguageTask}
     * @throws IllegalArgumentException for an unknown task, parameter or protocol, or a number that is not from 1
     * @throws DataException when the data is missing, of another layout or not of the SHA-256 that the parameters say
     */
    public static Task open(String name, String dataPath, SortedMap<String, String> parameters) {
        TaskEntry entry = entry(name);
        TaskParameters read = TaskParameters.of(name, entry.parameters(), parameters);
        DataPath path = new DataPath(dataPath);
        if (read.dataSha256() != null) {
            String found = DataHash.of(entry.files(path));
            if (!read.dataSha256().equals(found)) {
                throw new DataException(dataPath + ": found data of SHA-256 " + found + ", expected "
                        + read.dataSha256()
                        + "; it was changed since the jobs were planned: plan again, or put the data back");
            }
        }
        return entry.open(path, read);
    }

    /** As {@link #open}, for a task that is known to be one of classification; an IllegalArgumentException if it isn't. */
    public static ClassificationTask classification(
            String name, String dataPath, SortedMap<String, String> parameters) {
        if (open(name, dataPath, parameters) instanceof ClassificationTask task) {
            return task;
        }
        throw new IllegalArgumentException("task " + name + " scores the tokens of texts, it classifies nothing");
    }

    /** As {@link #open}, for a task that is known to be one of language models; an IllegalArgumentException if it isn't. */
    public static LanguageTask language(String name, String dataPath, SortedMap<String, String> parameters) {
        if (open(name, dataPath, parameters) instanceof LanguageTask task) {
            return task;
        }
        throw new IllegalArgumentException("task " + name + " classifies sequences, it scores no texts");
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
        return DataHash.of(entry(name).files(new DataPath(dataPath)));
    }

    private static TaskEntry entry(String name) {
        TaskEntry entry = ENTRIES.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("unknown task \"" + name + "\"; " + DidYouMean.hint(name, names()));
        }
        return entry;
    }
}
