package dev.razor.eval.benchmarks;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds a benchmark's file: any `*.jsonl|json|csv[.gz]` under `DIR/<benchmark>/`, or in `DIR` itself, whose
/// records have the benchmark's fields. Where `DIR` is a file, it is the one.
///
/// @param benchmark the benchmark's name, for messages
/// @param folders the names of the folders to look under
/// @param forms the fields of each form its records may have
record BenchmarkFiles(String benchmark, List<String> folders, List<List<String>> forms) {

    private static final int DEPTH = 3;

    /// The file under `data`.
    DataFile find(Path data) {
        return find(data, _ -> true);
    }

    /// The file under `data` among those whose path `accepts`.
    DataFile find(Path data, Predicate<Path> accepts) {
        if (Files.isRegularFile(data)) {
            return new DataFile(data);
        }
        var found = new ArrayList<Path>();
        var others = new ArrayList<String>();
        for (Path path : candidates(data, folders)) {
            if (!accepts.test(path)) {
                continue;
            }
            String mismatch = mismatch(new DataFile(path));
            if (mismatch == null) {
                found.add(path);
            } else {
                others.add(mismatch);
            }
        }
        if (found.size() > 1) {
            throw new DataException(
                    "%s: needs one file, got %s; give one of them with --data".formatted(benchmark, joined(found)));
        }
        if (found.isEmpty()) {
            throw new DataException("%s: no file with the fields %s under %s, got %s; put the benchmark's file there"
                    .formatted(benchmark, wanted(), data, others.isEmpty() ? "no file" : String.join("; ", others)));
        }
        return new DataFile(found.getFirst());
    }

    /// All files of a readable format under `data/<folder>/` and in `data` itself, in the order of their paths.
    static List<Path> candidates(Path data, List<String> folders) {
        if (!Files.exists(data)) {
            throw new DataException("data: %s does not exist; give a folder or a file with --data".formatted(data));
        }
        if (Files.isRegularFile(data)) {
            return List.of(data);
        }
        Set<Path> paths = new LinkedHashSet<>();
        for (String folder : folders) {
            if (Files.isDirectory(data.resolve(folder))) {
                paths.addAll(walk(data.resolve(folder), DEPTH));
            }
        }
        paths.addAll(walk(data, 1));
        return List.copyOf(paths);
    }

    private static List<Path> walk(Path folder, int depth) {
        try (Stream<Path> paths = Files.walk(folder, depth)) {
            return paths.filter(Files::isRegularFile)
                    .filter(DataFile::isSupported)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("data: %s cannot be read, got %s; check its permissions".formatted(folder, e), e);
        }
    }

    /// Why a file is not the benchmark's, or null where it is.
    private @Nullable String mismatch(DataFile file) {
        DataRecord first;
        try {
            first = file.first();
        } catch (DataException e) {
            return e.problems().getFirst();
        }
        if (first == null) {
            return file.path() + " (empty)";
        }
        return forms.stream().anyMatch(form -> form.stream().allMatch(first::has))
                ? null
                : "%s (fields %s)"
                        .formatted(file.path(), String.join(", ", first.fields().propertyNames()));
    }

    private String wanted() {
        return forms.stream().map(form -> String.join(", ", form)).collect(Collectors.joining(" or "));
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(" and "));
    }
}
