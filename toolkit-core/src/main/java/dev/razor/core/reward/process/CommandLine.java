package dev.razor.core.reward.process;

import dev.razor.core.base.ConfigException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A program and its arguments, from one line of text. No shell sees it.
public final class CommandLine {

    private static final Set<String> INTERPRETERS = Set.of("python", "sh", "bash", "node", "ruby", "perl", "env");

    private CommandLine() {}

    /// The words of `line`: parted by white space, except within `'...'`, `"..."` and after a backslash.
    ///
    /// @throws ConfigException if a quote is not closed or there is no word
    public static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw new ConfigException("reward: program:%s has a quote %s that is not closed".formatted(line, quote));
        }
        if (word != null) {
            words.add(word.toString());
        }
        if (words.isEmpty()) {
            throw new ConfigException("reward: program: names no program; write program:python3 reward.py");
        }
        return List.copyOf(words);
    }

    /// The words with the program's file in place of its name.
    ///
    /// @throws ConfigException if there is no such program, or it may not be executed
    public static List<String> resolved(String line) {
        List<String> words = new ArrayList<>(words(line));
        String program = words.getFirst();
        Path file = program.contains(File.separator)
                ? Path.of(program).toAbsolutePath()
                : onPath(program).orElse(null);
        if (file == null || !Files.isRegularFile(file)) {
            throw new ConfigException("reward: program:%s: there is no program %s %s"
                    .formatted(
                            line,
                            program,
                            file == null ? "on the PATH; for a file write ./" + program : "(" + file + ")"));
        }
        if (!Files.isExecutable(file)) {
            throw new ConfigException(
                    "reward: program:%s: %s is not executable; run chmod +x, or name its interpreter first"
                            .formatted(line, program));
        }
        words.set(0, file.toString());
        return List.copyOf(words);
    }

    /// A short name for metrics: the program's file, or for `python3 -u rewards/length.py` the script's.
    public static String shortName(List<String> words) {
        String name = fileName(words.getFirst());
        for (int i = 1; i < words.size() && INTERPRETERS.contains(name.replaceAll("[.\\d]+$", "")); i++) {
            if (words.get(i).equals("-c")) {
                break; // what follows is no file
            }
            if (!words.get(i).startsWith("-")) {
                name = fileName(words.get(i));
            }
        }
        return name;
    }

    /// The executable file of that name on the PATH.
    static Optional<Path> onPath(String program) {
        @Nullable String path = System.getenv("PATH");
        if (path == null) {
            return Optional.empty();
        }
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, program).toAbsolutePath())
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static String fileName(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }
}
