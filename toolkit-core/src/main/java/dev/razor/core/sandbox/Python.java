package dev.razor.core.sandbox;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A Python interpreter of this machine, and the files that it needs.
///
/// @param executable the interpreter itself, no link to it
/// @param library the folder of its standard library
/// @param version such as `3.11.2`
record Python(Path executable, Path library, String version) {

    private static final String QUESTION = """
            import os, sys
            print(os.path.realpath(sys.executable))
            print(os.path.realpath(os.path.dirname(os.__file__)))
            print("%d.%d.%d" % sys.version_info[:3])
            """;

    /// Folders of shared libraries.
    private static final List<Path> SHARED =
            Stream.of("/usr/lib", "/usr/lib64", "/usr/local/lib").map(Path::of).toList();

    /// The interpreters of this machine, those of the system first, because everyone can read them.
    static List<Python> all() {
        LinkedHashSet<Path> paths = new LinkedHashSet<>();
        Stream.of("/usr/bin/python3", "/usr/local/bin/python3").map(Path::of).forEach(paths::add);
        Executables.find("python3").ifPresent(paths::add);
        List<Python> found = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isExecutable(path)) {
                ask(path).filter(python -> !found.contains(python)).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            throw new ConfigException("sandbox: running model-written code needs Python, got no python3 on the PATH;"
                    + " install it (apt install python3)");
        }
        return List.copyOf(found);
    }

    /// The command that runs `harness` with the standard library alone.
    List<String> command(Harness harness) {
        return List.of(executable.toString(), "-s", "-S", "-B", "-c", harness.source());
    }

    /// What has to be readable: the interpreter, its library, the machine's shared libraries.
    List<Path> files() {
        LinkedHashSet<Path> files = new LinkedHashSet<>();
        SHARED.stream().filter(Files::isDirectory).forEach(files::add);
        // A shared libpython lies beside the library's folder.
        Stream.of(Objects.requireNonNullElse(library.getParent(), library), executable)
                .filter(each -> SHARED.stream().noneMatch(each::startsWith))
                .forEach(files::add);
        return List.copyOf(files);
    }

    private static Optional<Python> ask(Path path) {
        try {
            Process process = new ProcessBuilder(path.toString(), "-I", "-S", "-c", QUESTION)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            try (InputStream out = process.getInputStream()) {
                List<String> lines = new String(out.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                return lines.size() == 3
                        ? Optional.of(new Python(Path.of(lines.get(0)), Path.of(lines.get(1)), lines.get(2)))
                        : Optional.empty();
            }
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
