package dev.coppice.worker.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Python pickle as data. Nothing that a pickle names is ever looked up, loaded or called: a class or function is a
 * {@link Named}, calling or building one gives a {@link Call}, a persistent id a {@link Persistent}. What they mean is for
 * the caller to decide.
 */
final class Pickle {

    private static final int MAX_OBJECTS = 4_000_000;
    private static final Object MARK = new Object();

    private final ByteBuffer in;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Map<Integer, @Nullable Object> memo = new HashMap<>();
    private int objects;

    private Pickle(byte[] bytes) {
        in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A class or function that the pickle mentions. */
    record Named(String module, String name) {}

    /** What the pickle would call: a function's or class's result, with state that was set on it afterwards. */
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
            return new Pickle(bytes).run();
        } catch (java.nio.BufferUnderflowException e) {
            throw new PickleException("it ends in the middle");
        } catch (IndexOutOfBoundsException e) {
            throw new PickleException("it takes more from its stack than there is");
        } catch (ClassCastException e) {
            throw new PickleException("it fills something that is no list or map");
        }
    }

    private @Nullable Object run() throws PickleException {
        while (true) {
            if (++objects > MAX_OBJECTS) {
                throw new PickleException("it has more than " + MAX_OBJECTS + " instructions");
            }
            int code = in.get() & 0xff;
            switch (code) {
                case 0x80 -> in.get(); // protocol
                case 0x95 -> in.getLong(); // frame
                case '.' -> {
                    return pop();
                }
                case '(' -> stack.add(MARK);
                case '0' -> pop();
                case '1' -> popToMark();
                case '2' -> stack.add(stack.get(stack.size() - 1));
                case 'N' -> stack.add(null);
                case 0x88 -> stack.add(Boolean.TRUE);
                case 0x89 -> stack.add(Boolean.FALSE);
                case 'J' -> stack.add((long) in.getInt());
                case 'K' -> stack.add((long) (in.get() & 0xff));
                case 'M' -> stack.add((long) (in.getShort() & 0xffff));
                case 0x8a -> stack.add(littleEndianLong(in.get() & 0xff));
                case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
                case 'X' -> stack.add(text(in.getInt()));
                case 0x8c -> stack.add(text(in.get() & 0xff));
                case 'B', 'T' -> stack.add(bytes(in.getInt()));
                case 'C', 'U' -> stack.add(bytes(in.get() & 0xff));
                case ')' -> stack.add(List.of());
                case 0x85 -> tuple(1);
                case 0x86 -> tuple(2);
                case 0x87 -> tuple(3);
                case 't' -> stack.add(popToMark());
                case ']', 0x8f -> stack.add(new ArrayList<@Nullable Object>());
                case 'l' -> stack.add(popToMark());
                case 'a' -> append();
                case 'e', 0x90 -> appendAll();
                case '}' -> stack.add(new LinkedHashMap<@Nullable Object, @Nullable Object>());
                case 'd' -> {
                    List<@Nullable Object> pairs = popToMark();
                    stack.add(new LinkedHashMap<@Nullable Object, @Nullable Object>());
                    put(pairs);
                }
                case 's' -> {
                    Object value = pop();
                    Object key = pop();
                    List<@Nullable Object> pair = new ArrayList<>();
                    pair.add(key);
                    pair.add(value);
                    put(pair);
                }
                case 'u' -> put(popToMark());
                case 'q' -> memo.put(in.get() & 0xff, stack.get(stack.size() - 1));
                case 'r' -> memo.put(in.getInt(), stack.get(stack.size() - 1));
                case 0x94 -> memo.put(memo.size(), stack.get(stack.size() - 1));
                case 'h' -> stack.add(remembered(in.get() & 0xff));
                case 'j' -> stack.add(remembered(in.getInt()));
                case 'c' -> stack.add(new Named(line(), line()));
                case 0x93 -> {
                    Object name = pop();
                    stack.add(new Named(String.valueOf(pop()), String.valueOf(name)));
                }
                case 'R', 0x81 -> {
                    Object arguments = pop();
                    stack.add(called(pop(), arguments));
                }
                case 'b' -> pop(); // state set on an object: nothing that a tensor needs
                case 'Q' -> stack.add(new Persistent(pop()));
                default ->
                    throw new PickleException(
                            String.format("it uses the instruction 0x%02x, which no checkpoint needs", code));
            }
        }
    }

    /** An OrderedDict is a map from here on; every other call stays a description of itself. */
    private static Object called(@Nullable Object function, @Nullable Object arguments) {
        if (new Named("collections", "OrderedDict").equals(function)) {
            return new LinkedHashMap<@Nullable Object, @Nullable Object>();
        }
        return new Call(function, arguments);
    }

    private @Nullable Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private List<@Nullable Object> popToMark() {
        int mark = stack.size() - 1;
        while (stack.get(mark) != MARK) {
            mark--;
        }
        List<@Nullable Object> tail = stack.subList(mark + 1, stack.size());
        List<@Nullable Object> items = new ArrayList<>(tail);
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private void tuple(int count) {
        List<@Nullable Object> tail = stack.subList(stack.size() - count, stack.size());
        List<@Nullable Object> items = new ArrayList<>(tail);
        tail.clear();
        stack.add(items);
    }

    @SuppressWarnings("unchecked") // lists on the stack were made here
    private void append() {
        Object item = pop();
        Object target = stack.get(stack.size() - 1);
        if (target instanceof List<?> list) {
            ((List<@Nullable Object>) list).add(item);
        } // else an opaque object takes it
    }

    @SuppressWarnings("unchecked") // lists on the stack were made here
    private void appendAll() {
        List<@Nullable Object> items = popToMark();
        Object target = stack.get(stack.size() - 1);
        if (target instanceof List<?> list) {
            ((List<@Nullable Object>) list).addAll(items);
        }
    }

    @SuppressWarnings("unchecked") // maps on the stack were made here
    private void put(List<@Nullable Object> pairs) {
        Object target = stack.get(stack.size() - 1);
        if (target instanceof Map<?, ?> map) {
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                ((Map<@Nullable Object, @Nullable Object>) map).put(keyOf(pairs.get(i)), pairs.get(i + 1));
            }
        }
    }

    /** Only plain values are keys: a container that contains itself would never finish hashing. */
    private static @Nullable Object keyOf(@Nullable Object key) {
        return key instanceof String || key instanceof Number || key instanceof Boolean
                ? key
                : String.valueOf(System.identityHashCode(key));
    }

    private @Nullable Object remembered(int key) throws PickleException {
        if (!memo.containsKey(key)) {
            throw new PickleException("it refers to entry " + key + " of its memo, which is not there");
        }
        return memo.get(key);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int c = in.get(); c != '\n'; c = in.get()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private String text(int length) throws PickleException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) throws PickleException {
        if (length < 0 || length > in.remaining()) {
            throw new PickleException("it announces " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private long littleEndianLong(int length) throws PickleException {
        byte[] bytes = bytes(length);
        if (length > 8) {
            throw new PickleException("it has an integer of " + length + " bytes");
        }
        long value = length > 0 && bytes[length - 1] < 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }
}
