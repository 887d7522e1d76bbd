package dev.coppice.driver.report;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/** Tells groups of one name apart, by as few of their details as do. */
final class Variants {

    private final Collection<GroupKey> keys;
    private final BinaryOperator<String> standard;

    /**
     * Variants of {@code keys}.
     *
     * @param standard of a group's name and a detail's name, the value that goes without saying; empty where there is none
     */
    Variants(Collection<GroupKey> keys, BinaryOperator<String> standard) {
        this.keys = keys;
        this.standard = standard;
    }

    /**
     * The details of {@code key} that are not the same in all groups of its name, but for standard values and for the granularity, which
     * other details mostly say; empty when there is nothing to tell.
     */
    String label(GroupKey key) {
        List<GroupKey> namesakes =
                keys.stream().filter(other -> other.name().equals(key.name())).toList();
        String label = told(key, namesakes);
        boolean shared = namesakes.stream()
                .anyMatch(other -> !other.equals(key) && told(other, namesakes).equals(label));
        return shared ? join(key, differing(namesakes)) : label;
    }

    private String told(GroupKey key, List<GroupKey> namesakes) {
        Set<String> names = differing(namesakes);
        names.remove(GroupKey.GRANULARITY);
        names.removeIf(name -> value(key, name).equals(standard.apply(key.name(), name)));
        return join(key, names);
    }

    /** Names of the details that are not the same in all groups. */
    private static Set<String> differing(List<GroupKey> namesakes) {
        Set<String> names = new TreeSet<>();
        namesakes.forEach(other -> names.addAll(other.details().keySet()));
        names.removeIf(name -> {
            Set<String> values = new HashSet<>();
            namesakes.forEach(other -> values.add(value(other, name)));
            return values.size() == 1;
        });
        return names;
    }

    private static String join(GroupKey key, Set<String> names) {
        return names.stream().map(name -> name + "=" + value(key, name)).collect(Collectors.joining(", "));
    }

    private static String value(GroupKey key, String name) {
        return key.details().getOrDefault(name, "none");
    }
}
