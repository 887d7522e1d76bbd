package dev.coppice.worker.weights;

import dev.coppice.worker.compute.HostArray;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** One safetensors file, mapped. */
final class SafetensorsCheckpoint implements Checkpoint {

    private final FileBytes file;
    private final Map<String, SafetensorsHeader.Entry> entries;

    private SafetensorsCheckpoint(FileBytes file, Map<String, SafetensorsHeader.Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    static SafetensorsCheckpoint open(Path path) {
        FileBytes file = FileBytes.open(path);
        try {
            return new SafetensorsCheckpoint(file, SafetensorsHeader.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public String source() {
        return file.path().toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public HostArray read(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        return new HostArray(entry.info().dtype(), entry.info().shape(), file.map(entry.offset(), entry.bytes()));
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = entries.get(name);
        if (entry == null) {
            throw MissingTensor.in(this, name);
        }
        return entry;
    }

    @Override
    public void close() {
        file.close();
    }
}
