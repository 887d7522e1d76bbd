package dev.coppice.driver.report;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tells groups of one name apart by those of their details that differ. */
final class Variants {

    private final Collection<GroupKey> keys;

    Variants(Collection<GroupKey> keys) {
        this.keys = keys;
    }

    /** The details of {@code key} that are not the same in all groups of its name; empty when there is nothing to tell. */
    String label(GroupKey key) {
        List<GroupKey> namesakes =
                keys.stream().filter(other -> other.name().equals(key.name())).toList();
        Set<String> names = new TreeSet<>();
        namesakes.forEach(other -> names.addAll(other.details().keySet()));
        return names.stream()
                .filter(name -> values(namesakes, name).size() > 1)
                .map(name -> name + "=" + key.details().getOrDefault(name, "none"))
                .collect(Collectors.joining(", "));
    }

    private static Set<String> values(List<GroupKey> keys, String name) {
        Set<String> values = new HashSet<>();
        keys.forEach(key -> values.add(key.details().getOrDefault(name, "none")));
        return values;
    }
}
