package dev.coppice.worker.compute.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads what the backend calls: the driver, and from CUDA 13 the runtime, cuBLAS and NVRTC. They come from the folders
 * of COPPICE_CUDA_LIBRARIES, from the usual places of an installed CUDA, or from NVIDIA's Python packages.
 */
final class CudaLibraries {

    /** Environment variable with folders to look in first. */
    static final String FOLDERS = "COPPICE_CUDA_LIBRARIES";

    /** Comes with bindings of an older CUDA, whose classes have the same names. */
    private static final String OTHER_BINDINGS = "org/nd4j/linalg/jcublas/JCublasBackend.class";

    private record Library(String file, String what, String pythonPackage) {}

    /** In an order in which each finds what it needs already loaded. */
    private static final List<Library> LIBRARIES = List.of(
            new Library("libcuda.so.1", "the driver", "none"),
            new Library("libcudart.so.13", "the CUDA runtime", "nvidia-cuda-runtime"),
            new Library("libcublasLt.so.13", "cuBLASLt", "nvidia-cublas"),
            new Library("libcublas.so.13", "cuBLAS", "nvidia-cublas"),
            new Library("libnvrtc.so.13", "NVRTC", "nvidia-cuda-nvrtc"));

    private static @Nullable String failure;
    private static boolean loaded;

    private CudaLibraries() {}

    /**
     * Loads everything; does nothing when that has been done.
     *
     * @throws IllegalStateException when something is not there; the message says what, and how to get it
     */
    static synchronized void require() {
        if (!loaded && failure == null) {
            failure = load(folders());
            loaded = failure == null;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Loads what compiling needs, which is the same without cuBLAS; the driver's library is linked to, and not called. */
    static void requireCompiler() {
        LIBRARIES.forEach(library -> open(library, folders()));
        try {
            Loader.load(nvrtc.class);
        } catch (LinkageError e) {
            throw new IllegalStateException(explain(messages(e)), e);
        }
    }

    private static @Nullable String load(List<Path> folders) {
        if (CudaLibraries.class.getClassLoader().getResource(OTHER_BINDINGS) != null) {
            return "this build, of the profile nd4j-cuda, carries the bindings of CUDA 11.6 for the nd4j backend, and the cuda "
                    + "backend needs those of CUDA 13: take a build without that profile";
        }
        for (Library library : LIBRARIES) {
            open(library, folders);
        }
        try {
            Loader.load(cudart.class);
            Loader.load(cublas.class);
            Loader.load(nvrtc.class);
            return null;
        } catch (LinkageError e) {
            return explain(messages(e));
        }
    }

    /** What it says and what its causes say: the linker's own words come last. */
    private static String messages(Throwable e) {
        StringBuilder all = new StringBuilder();
        for (Throwable at = e; at != null; at = at.getCause()) {
            all.append(at.getMessage()).append("; ");
        }
        return all.toString();
    }

    /** Loads a library from the first folder that has it; where none does, the dynamic linker looks in its own places. */
    private static void open(Library library, List<Path> folders) {
        for (Path folder : folders) {
            Path file = folder.resolve(library.file());
            if (Files.isRegularFile(file)) {
                try {
                    loadAll(
                            folder,
                            library.file().replace(".so.", "-builtins.so.") + ".*"); // NVRTC asks the linker for it
                    System.load(file.toAbsolutePath().toString());
                    return;
                } catch (LinkageError e) {
                    continue; // for another processor, or without something that it needs: the next may do
                }
            }
        }
    }

    private static void loadAll(Path folder, String pattern) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(file -> System.load(file.toAbsolutePath().toString()));
        } catch (IOException e) {
            // a folder that cannot be listed may still hold what the linker finds
        }
    }

    private static String explain(String message) {
        if (message.contains("libcuda.so")) {
            return "the cuda backend needs NVIDIA's driver, and libcuda.so.1 is not on this machine: run on one with an NVIDIA "
                    + "GPU, or use worker.backend = cpu";
        }
        for (Library library : LIBRARIES) {
            if (message.contains(library.file())) {
                return "the cuda backend needs " + library.what() + " of CUDA 13, and " + library.file()
                        + " was not found: install CUDA 13, or pip install " + library.pythonPackage()
                        + ", and name its folder in "
                        + FOLDERS;
            }
        }
        return "the cuda backend's native libraries do not load here: " + message;
    }

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        paths(folders, System.getenv(FOLDERS));
        paths(folders, System.getenv("LD_LIBRARY_PATH"));
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String home = System.getenv(variable);
            if (home != null) {
                folders.add(Path.of(home, "lib64"));
                folders.add(Path.of(home, "lib"));
            }
        }
        folders.add(Path.of("/usr/local/cuda/lib64"));
        String environment = System.getenv("VIRTUAL_ENV");
        if (environment != null) {
            below(folders, Path.of(environment, "lib"), "python3*", "site-packages/nvidia/cu13/lib");
        }
        return folders;
    }

    private static void paths(List<Path> folders, @Nullable String list) {
        if (list != null) {
            for (String folder : list.split(File.pathSeparator)) {
                if (!folder.isBlank()) {
                    folders.add(Path.of(folder));
                }
            }
        }
    }

    private static void below(List<Path> folders, Path parent, String pattern, String rest) {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, pattern)) {
            children.forEach(child -> folders.add(child.resolve(rest)));
        } catch (IOException e) {
            // an environment without Python has nothing for us
        }
    }
}
