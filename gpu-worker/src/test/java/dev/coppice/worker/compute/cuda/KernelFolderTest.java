package dev.coppice.worker.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled kernels on disk. */
class KernelFolderTest {

    private static final KernelSource SOURCE = new KernelSource("convert.cu", "X=float", "Y=bf16");
    private static final List<String> OPTIONS = KernelCompiler.options(SOURCE, 90, List.of());

    @Test
    void aKernelIsFoundAgain(@TempDir Path root) {
        KernelFolder folder = new KernelFolder(root.resolve("not").resolve("yet"));
        String key = KernelFolder.key(SOURCE, OPTIONS, "13.0");
        assertThat(folder.read(key)).isEmpty();
        folder.write(key, new byte[] {1, 2, 3});
        assertThat(folder.read(key)).hasValueSatisfying(code -> assertThat(code).containsExactly(1, 2, 3));
    }

    @Test
    void nothingButTheKernelIsLeftBehind(@TempDir Path root) throws IOException {
        new KernelFolder(root).write(KernelFolder.key(SOURCE, OPTIONS, "13.0"), new byte[5]);
        try (var files = Files.list(root)) {
            assertThat(files.map(Path::toString)).singleElement().asString().endsWith(".cubin");
        }
    }

    @Test
    void textOptionsArchitectureAndCompilerEachMakeAnotherKernel() {
        KernelSource other = new KernelSource("convert.cu", "X=float", "Y=f16");
        assertThat(List.of(
                        KernelFolder.key(SOURCE, OPTIONS, "13.0"),
                        KernelFolder.key(SOURCE, OPTIONS, "13.1"),
                        KernelFolder.key(SOURCE, KernelCompiler.options(SOURCE, 80, List.of()), "13.0"),
                        KernelFolder.key(other, KernelCompiler.options(other, 90, List.of()), "13.0"),
                        KernelFolder.key(new KernelSource("score.cu"), OPTIONS, "13.0")))
                .doesNotHaveDuplicates();
    }

    @Test
    void aFolderThatCannotBeWrittenKeepsNothing(@TempDir Path root) throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        KernelFolder folder = new KernelFolder(file.resolve("below"));
        String key = KernelFolder.key(SOURCE, OPTIONS, "13.0");
        folder.write(key, new byte[1]);
        assertThat(folder.read(key)).isEmpty();
    }
}
