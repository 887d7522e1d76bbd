package dev.coppice.worker.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import dev.coppice.worker.compute.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: 8 bytes of length, then JSON that gives each tensor's type, shape and byte range. Every
 * claim is checked against the file before anything is allocated for it.
 */
final class SafetensorsHeader {

    private static final long MAX_HEADER_BYTES = 100_000_000; // the format's own bound
    static final Map<String, DType> DTYPES = Map.of(
            "F64",
            DType.FLOAT64,
            "F32",
            DType.FLOAT32,
            "F16",
            DType.FLOAT16,
            "BF16",
            DType.BFLOAT16,
            "I64",
            DType.INT64,
            "I32",
            DType.INT32,
            "I16",
            DType.INT16,
            "I8",
            DType.INT8,
            "U8",
            DType.UINT8,
            "BOOL",
            DType.BOOL);
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private SafetensorsHeader() {}

    /**
     * A tensor's place.
     *
     * @param info type and shape
     * @param offset of its first byte in the file
     * @param bytes its length
     */
    record Entry(TensorInfo info, long offset, long bytes) {}

    /** The tensors in the order of the header. */
    static Map<String, Entry> read(FileBytes file) {
        if (file.size() < 8) {
            throw corrupt(
                    file,
                    "the file has " + file.size() + " bytes; a safetensors file starts with 8 bytes of header length");
        }
        long length = file.map(0, 8).getLong(0);
        if (length < 2 || length > MAX_HEADER_BYTES) {
            throw corrupt(
                    file,
                    "the header length is given as " + Long.toUnsignedString(length)
                            + " bytes, which no safetensors file has");
        }
        if (8 + length > file.size()) {
            throw corrupt(
                    file,
                    "the header is given as " + length + " bytes, but only " + (file.size() - 8)
                            + " follow: the file is cut off");
        }
        long dataStart = 8 + length;
        Map<String, Entry> entries = parse(file, file.map(8, length), dataStart);
        checkCoverage(file, entries, dataStart);
        return entries;
    }

    /** Tensor by tensor, so that a large header never becomes a large tree. */
    private static Map<String, Entry> parse(FileBytes file, ByteBuffer header, long dataStart) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(new ByteBufferBackedInputStream(header))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw corrupt(file, "the header is no JSON object");
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                if (name.equals("__metadata__")) {
                    json.skipChildren();
                } else {
                    entries.put(name, entry(file, name, json.readValueAsTree(), dataStart));
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw corrupt(file, "the header is no valid JSON: something follows after its end");
            }
            return entries;
        } catch (IOException e) {
            throw new CheckpointException(
                    file.path() + ": the header is no valid JSON: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private static Entry entry(FileBytes file, String name, JsonNode node, long dataStart) {
        if (!node.isObject()) {
            throw corrupt(file, "tensor " + name + " is not described by an object");
        }
        DType dtype = DTYPES.get(node.path("dtype").asText());
        if (dtype == null) {
            throw corrupt(
                    file,
                    "tensor " + name
                            + (node.has("dtype") ? " has the unknown dtype " + node.path("dtype") : " has no dtype"));
        }
        JsonNode axes = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!axes.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw corrupt(file, "tensor " + name + " lacks a shape or its two data_offsets");
        }
        int[] shape = new int[axes.size()];
        for (int i = 0; i < shape.length; i++) {
            if (!axes.get(i).isIntegralNumber()
                    || !axes.get(i).canConvertToInt()
                    || axes.get(i).intValue() < 0) {
                throw corrupt(file, "tensor " + name + " has the impossible shape " + axes);
            }
            shape[i] = axes.get(i).intValue();
        }
        long begin = offset(offsets.get(0));
        long end = offset(offsets.get(1));
        if (begin < 0 || end < begin || end > file.size() - dataStart) {
            throw corrupt(
                    file,
                    "tensor " + name + " has data_offsets " + offsets + " where the file has "
                            + (file.size() - dataStart) + " bytes of data: the file is cut off or its header is wrong");
        }
        if (TensorSize.bytes(dtype, shape) != end - begin) {
            throw corrupt(
                    file,
                    "tensor " + name + " has " + (end - begin) + " bytes, but its shape " + axes + " and dtype "
                            + node.path("dtype").asText() + " need " + TensorSize.bytes(dtype, shape));
        }
        return new Entry(new TensorInfo(dtype, shape), dataStart + begin, end - begin);
    }

    private static long offset(JsonNode node) {
        return node.canConvertToLong() && node.isIntegralNumber() ? node.longValue() : -1;
    }

    /** Tensors neither overlap nor leave holes, and the data ends with the file. */
    private static void checkCoverage(FileBytes file, Map<String, Entry> entries, long dataStart) {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().offset())
                .thenComparingLong(e -> e.getValue().bytes()));
        long end = dataStart;
        String previous = "the header";
        for (Map.Entry<String, Entry> next : sorted) {
            long begin = next.getValue().offset();
            if (begin != end) {
                throw corrupt(
                        file,
                        "tensor " + next.getKey() + (begin < end ? " overlaps " : " leaves a hole after ") + previous);
            }
            end = begin + next.getValue().bytes();
            previous = next.getKey();
        }
        if (end != file.size()) {
            throw corrupt(file, (file.size() - end) + " bytes follow after the last tensor, " + previous);
        }
    }

    private static CheckpointException corrupt(FileBytes file, String what) {
        return new CheckpointException(file.path() + ": " + what);
    }
}
