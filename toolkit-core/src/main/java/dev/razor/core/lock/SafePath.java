package dev.razor.core.lock;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which names of files a lock file may hold: such as mean the same file below the entry's directory on every
/// system.
///
/// Folders are divided by `/`; each part has letters, digits and `. _ - + = @` alone. So there is no way out of
/// the directory (`..`, an absolute path, a drive, a backslash), no control character and no second spelling of
/// a letter.
final class SafePath {

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_+=@.-]{1,200}");

    /// Names that Windows takes for devices, whatever stands behind a dot.
    private static final Pattern DEVICE = Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

    /// Formats that run code when they are loaded, and the ones that go with them.
    private static final Pattern PICKLED = Pattern.compile(
            "(?i).*\\.(bin|pt|pth|ckpt|pkl|pickle|joblib|npy|npz|h5|hdf5|keras|msgpack|pb|exe|dll|so|py|sh|bat|jar)");

    /// What a model's files may be: weights as safetensors, and texts that a tokenizer or a reader takes.
    private static final Pattern OF_A_MODEL =
            Pattern.compile("(?i)(.*/)?(.*\\.(safetensors|json|txt|md|model|jinja|tiktoken)|\\.gitattributes"
                    + "|(licen[cs]e|notice|copying|copyright|readme|use_policy)([_-][a-z0-9_-]+)?)");

    private SafePath() {}

    /// What is wrong with `path` as the name of a file, or null.
    static @Nullable String problem(String path) {
        for (String part : path.split("/", -1)) {
            if (!PART.matcher(part).matches()
                    || part.equals(".")
                    || part.equals("..")
                    || part.endsWith(".")
                    || DEVICE.matcher(part).matches()) {
                return "path %s is no plain name below the entry's directory; write names of letters, digits and ._-+=@, divided by /"
                        .formatted(path);
            }
        }
        if (PICKLED.matcher(path).matches()) {
            return "path %s is of a format that can run code when it is loaded; name the safetensors files instead"
                    .formatted(path);
        }
        return null;
    }

    /// What is wrong with `path` as the name of a model's file, beyond [#problem], or null. A format that runs code is
    /// loaded from a file of any name, so only names of such as do not are let in.
    static @Nullable String modelProblem(String path) {
        return OF_A_MODEL.matcher(path).matches()
                ? null
                : "path %s is none of a model's files; they are .safetensors, .json, .txt, .md, .model, .jinja, .tiktoken, LICENSE, .gitattributes"
                        .formatted(path);
    }

    /// The first path that is another one too where capitals do not count, or that another one needs as a folder.
    static @Nullable String clash(List<String> paths) {
        Set<String> files = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (String path : paths) {
            String plain = path.toLowerCase(Locale.ROOT);
            if (!files.add(plain)) {
                return path;
            }
            for (int slash = plain.indexOf('/'); slash >= 0; slash = plain.indexOf('/', slash + 1)) {
                folders.add(plain.substring(0, slash));
            }
        }
        return paths.stream()
                .filter(path -> folders.contains(path.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }
}
