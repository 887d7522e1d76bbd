package dev.coppice.worker.weights;

import java.util.Set;

/**
 * What a pickle names in order to run code when Python loads it. Nothing of a pickle is ever run here; a file that names one
 * of these is an attack on whoever loads it elsewhere, and is refused so that it does not pass for a checkpoint.
 */
final class PickledCode {

    private static final Set<String> MODULES = Set.of(
            "os",
            "posix",
            "nt",
            "sys",
            "subprocess",
            "pty",
            "runpy",
            "importlib",
            "imp",
            "socket",
            "shutil",
            "ctypes",
            "code",
            "pdb",
            "webbrowser");
    private static final Set<String> BUILTINS =
            Set.of("eval", "exec", "execfile", "compile", "open", "input", "apply", "breakpoint", "__import__");

    private PickledCode() {}

    /** Whether calling this runs code or reaches outside the pickle. */
    static boolean named(Pickle.Named function) {
        String module = function.module();
        int dot = module.indexOf('.');
        String top = dot < 0 ? module : module.substring(0, dot);
        boolean builtin = module.equals("builtins") || module.equals("__builtin__");
        return MODULES.contains(top) || builtin && BUILTINS.contains(function.name());
    }
}
