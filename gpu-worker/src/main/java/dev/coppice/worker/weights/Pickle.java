package dev.coppice.worker.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Python pickle (protocols 2 to 5, as torch writes them) as data. Nothing that a pickle names is ever looked up,
 * loaded or called: a class or function is a {@link Named}, calling or building one gives a {@link Call}, a persistent id a
 * {@link Persistent}. What they mean is for the caller to decide. Memory and time are bounded by the length of the pickle.
 *
 * <p>The objects may contain themselves: nobody should print, compare or walk them without a bound.
 */
final class Pickle {

    private static final Object MARK = new Object();
    private static final Named ORDERED_DICT = new Named("collections", "OrderedDict");

    private final PickleInput in;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();

    private Pickle(byte[] bytes) {
        in = new PickleInput(bytes);
    }

    /** A class or function that the pickle mentions. */
    record Named(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** What the pickle would call. */
    record Call(@Nullable Object function, @Nullable Object arguments) {}

    /** A reference to something outside the pickle. */
    record Persistent(@Nullable Object id) {}

    /** A pickle that is damaged or uses what no checkpoint needs. */
    static final class PickleException extends Exception {
        private static final long serialVersionUID = 1;

        PickleException(String message) {
            super(message);
        }
    }

    /** The object that the pickle describes: maps, lists, strings, numbers, booleans, null and the records above. */
    static @Nullable Object read(byte[] bytes) throws PickleException {
        try {
            Pickle pickle = new Pickle(bytes);
            int code = pickle.in.unsignedByte();
            while (code != '.') {
                pickle.step(code);
                code = pickle.in.unsignedByte();
            }
            return pickle.pop();
        } catch (IndexOutOfBoundsException e) {
            throw new PickleException("it takes more from its stack than there is");
        }
    }

    /** One instruction; Python's pickletools gives their meaning. */
    private void step(int code) throws PickleException {
        switch (code) {
            case 0x80 -> in.unsignedByte(); // protocol
            case 0x95 -> in.unsigned(8); // frame
            case '(' -> stack.add(MARK);
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> stack.add(top());
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(Boolean.TRUE);
            case 0x89 -> stack.add(Boolean.FALSE);
            case 'J' -> stack.add(in.signedInt());
            case 'K' -> stack.add(in.unsigned(1));
            case 'M' -> stack.add(in.unsigned(2));
            case 0x8a -> stack.add(in.integer(in.unsignedByte()));
            case 'G' -> stack.add(in.bigEndianDouble());
            case 'X' -> stack.add(in.text(in.unsigned(4)));
            case 0x8c -> stack.add(in.text(in.unsigned(1)));
            case 0x8d -> stack.add(in.text(in.unsigned(8)));
            case 'B', 'T' -> stack.add(in.bytes(in.unsigned(4)));
            case 'C', 'U' -> stack.add(in.bytes(in.unsigned(1)));
            case 0x8e, 0x96 -> stack.add(in.bytes(in.unsigned(8)));
            case ')' -> stack.add(List.of());
            case 0x85 -> stack.add(popLast(1));
            case 0x86 -> stack.add(popLast(2));
            case 0x87 -> stack.add(popLast(3));
            case 't', 'l', 0x91 -> stack.add(popToMark());
            case ']', 0x8f -> stack.add(new ArrayList<@Nullable Object>());
            case 'a' -> addAll(popLast(1));
            case 'e', 0x90 -> addAll(popToMark());
            case '}' -> stack.add(new LinkedHashMap<@Nullable Object, @Nullable Object>());
            case 'd' -> {
                List<@Nullable Object> pairs = popToMark();
                stack.add(new LinkedHashMap<@Nullable Object, @Nullable Object>());
                putAll(pairs);
            }
            case 's' -> putAll(popLast(2));
            case 'u' -> putAll(popToMark());
            case 'q' -> memo.put(in.unsigned(1), top());
            case 'r' -> memo.put(in.unsigned(4), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> stack.add(remembered(in.unsigned(1)));
            case 'j' -> stack.add(remembered(in.unsigned(4)));
            case 'c' -> stack.add(named(in.line(), in.line()));
            case 0x93 -> {
                List<@Nullable Object> names = popLast(2);
                stack.add(named(names.get(0), names.get(1)));
            }
            case 'R', 0x81 -> call(popLast(2));
            case 0x92 -> call(popLast(3));
            case 'b' -> pop(); // state set on an object: nothing that a tensor needs
            case 'Q' -> stack.add(new Persistent(pop()));
            default ->
                throw new PickleException(
                        String.format("it uses the instruction 0x%02x, which no checkpoint needs", code));
        }
    }

    private static Named named(@Nullable Object module, @Nullable Object name) throws PickleException {
        if (!(module instanceof String moduleName) || !(name instanceof String ownName)) {
            throw new PickleException("it names a class by something that is no text");
        }
        Named named = new Named(moduleName, ownName);
        if (PickledCode.named(named)) {
            throw new PickleException("it would call " + named + " when Python loads it, which no checkpoint needs;"
                    + " the file is refused, and should be opened nowhere");
        }
        return named;
    }

    /** An OrderedDict is a map from here on; every other call stays a description of itself. */
    private void call(List<@Nullable Object> functionAndArguments) {
        Object function = functionAndArguments.get(0);
        stack.add(
                ORDERED_DICT.equals(function)
                        ? new LinkedHashMap<@Nullable Object, @Nullable Object>()
                        : new Call(function, functionAndArguments.get(1)));
    }

    private @Nullable Object top() {
        return stack.get(stack.size() - 1);
    }

    private @Nullable Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private List<@Nullable Object> popLast(int count) {
        List<@Nullable Object> tail = stack.subList(stack.size() - count, stack.size());
        List<@Nullable Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }

    private List<@Nullable Object> popToMark() {
        int mark = stack.size() - 1;
        while (stack.get(mark) != MARK) {
            mark--;
        }
        List<@Nullable Object> items = popLast(stack.size() - mark - 1);
        pop();
        return items;
    }

    @SuppressWarnings("unchecked") // lists on the stack were made here
    private void addAll(List<@Nullable Object> items) {
        if (top() instanceof ArrayList<?> list) {
            ((List<@Nullable Object>) list).addAll(items);
        } // else an opaque object takes them
    }

    /** Only plain values become keys: a container that contains itself would never finish hashing. */
    @SuppressWarnings("unchecked") // maps on the stack were made here
    private void putAll(List<@Nullable Object> pairs) {
        if (top() instanceof Map<?, ?> map) {
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                Object key = pairs.get(i);
                if (key instanceof String || key instanceof Number || key instanceof Boolean) {
                    ((Map<@Nullable Object, @Nullable Object>) map).put(key, pairs.get(i + 1));
                }
            }
        }
    }

    private @Nullable Object remembered(long key) throws PickleException {
        if (!memo.containsKey(key)) {
            throw new PickleException("it refers to entry " + key + " of its memo, which is not there");
        }
        return memo.get(key);
    }
}
