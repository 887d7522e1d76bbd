package dev.coppice.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.TreeMap;

/**
 * The one JSON text of a {@link JobSpec}: keys sorted, no spaces, the ratio as a plain decimal string, absent values as
 * null. It is hashed into job ids, so it must never change for an existing spec: a golden test guards it.
 */
final class CanonicalJson {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private CanonicalJson() {}

    static String of(JobSpec spec) {
        TreeMap<String, Object> keys = new TreeMap<>();
        keys.put("calibration", spec.calibration());
        keys.put("method", spec.method());
        keys.put("methodParams", spec.methodParams());
        keys.put("model", spec.model());
        keys.put("modelFingerprint", spec.modelFingerprint());
        keys.put("precision", spec.precision());
        keys.put("ratio", spec.ratio().toPlainString());
        keys.put("seed", spec.seed());
        keys.put("task", spec.task());
        keys.put("taskParams", spec.taskParams());
        keys.put("taskVersion", spec.taskVersion());
        try {
            return JSON.writeValueAsString(keys);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a job spec holds only strings, maps and numbers", e);
        }
    }
}
