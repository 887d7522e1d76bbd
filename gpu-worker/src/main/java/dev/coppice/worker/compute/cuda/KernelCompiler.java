package dev.coppice.worker.compute.cuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** Compiles kernels by NVRTC to machine code of one architecture. */
final class KernelCompiler {

    private KernelCompiler() {}

    /** Machine code, and what the compiler said about it. */
    record Compiled(byte[] code, String log) {}

    /** Version of NVRTC, such as "13.1". */
    static String version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        check(nvrtc.nvrtcVersion(major, minor), "asking for NVRTC's version", "");
        return major[0] + "." + minor[0];
    }

    /**
     * The target of a compute capability: with the architecture's own instructions from 9.0 on, since the code runs nowhere
     * else.
     */
    static String target(int architecture) {
        return "sm_" + architecture + (architecture >= 90 ? "a" : "");
    }

    /**
     * Compiles a source.
     *
     * @param extra further compiler options
     * @throws IllegalStateException when it does not compile; the message holds the compiler's
     */
    static Compiled compile(KernelSource source, int architecture, List<String> extra) {
        _nvrtcProgram program = new _nvrtcProgram();
        BytePointer[] headers =
                texts(KernelTexts.HEADERS.stream().map(KernelTexts::of).toList());
        BytePointer[] names = texts(KernelTexts.HEADERS);
        try (BytePointer text = text(KernelTexts.of(source.file()));
                BytePointer name = text(source.file());
                PointerPointer<BytePointer> headerTexts = new PointerPointer<BytePointer>(headers);
                PointerPointer<BytePointer> headerNames = new PointerPointer<BytePointer>(names)) {
            check(
                    nvrtc.nvrtcCreateProgram(program, text, name, headers.length, headerTexts, headerNames),
                    "reading " + source.file(),
                    "");
        } finally {
            close(headers);
            close(names);
        }
        try {
            return compile(program, source, options(source, architecture, extra));
        } finally {
            nvrtc.nvrtcDestroyProgram(program);
        }
    }

    /** All that decides about the code, beside the text and the compiler's version. */
    static List<String> options(KernelSource source, int architecture, List<String> extra) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + target(architecture), "--std=c++17"));
        source.defines().forEach(define -> options.add("-D" + define));
        options.addAll(extra);
        return options;
    }

    private static Compiled compile(_nvrtcProgram program, KernelSource source, List<String> options) {
        BytePointer[] texts = texts(options);
        try (PointerPointer<BytePointer> pointers = new PointerPointer<BytePointer>(texts);
                SizeTPointer size = new SizeTPointer(1)) {
            int status = nvrtc.nvrtcCompileProgram(program, texts.length, pointers);
            check(nvrtc.nvrtcGetProgramLogSize(program, size), "asking for the compiler's log", "");
            byte[] log = new byte[Math.toIntExact(size.get())];
            check(nvrtc.nvrtcGetProgramLog(program, log), "asking for the compiler's log", "");
            String said = new String(log, 0, Math.max(0, log.length - 1), StandardCharsets.UTF_8).strip();
            check(status, "compiling " + source + " with " + options, "\n" + said);
            check(nvrtc.nvrtcGetCUBINSize(program, size), "asking for a kernel's size", "");
            byte[] code = new byte[Math.toIntExact(size.get())];
            check(nvrtc.nvrtcGetCUBIN(program, code), "asking for a kernel's code", "");
            return new Compiled(code, said);
        } finally {
            close(texts);
        }
    }

    private static BytePointer[] texts(List<String> texts) {
        return texts.stream().map(KernelCompiler::text).toArray(BytePointer[]::new);
    }

    private static void close(BytePointer[] texts) {
        for (BytePointer text : texts) {
            text.close();
        }
    }

    private static BytePointer text(String text) {
        return new BytePointer(text, StandardCharsets.UTF_8);
    }

    private static void check(int status, String action, String log) {
        if (status != nvrtc.NVRTC_SUCCESS) {
            throw new IllegalStateException(
                    action + ": " + nvrtc.nvrtcGetErrorString(status).getString() + log);
        }
    }
}
