package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds a benchmark's file: any `*.jsonl|json|csv[.gz]` or `*.parquet` under `DIR/<benchmark>/`, or in `DIR`
/// itself, whose records have the benchmark's fields. Where `DIR` is a file, it is the one. A file whose name or
/// folder says that it is of another split than the one asked is left out ([Split]).
///
/// @param benchmark the benchmark's name, for messages
/// @param folders the names of the folders to look under
/// @param forms the fields of each form its records may have
/// @param accepts which files of a folder may be its own, of the folder and the file
/// @param asked the split whose questions are asked; any where null
record BenchmarkFiles(
        String benchmark,
        List<String> folders,
        List<List<String>> forms,
        BiPredicate<Path, Path> accepts,
        @Nullable Split asked) {

    private static final int DEPTH = 3;

    /// Of a benchmark with one split, whatever its file is called.
    BenchmarkFiles(String benchmark, List<String> folders, List<List<String>> forms) {
        this(benchmark, folders, forms, (_, _) -> true, null);
    }

    BenchmarkFiles(String benchmark, List<String> folders, List<List<String>> forms, Split asked) {
        this(benchmark, folders, forms, (_, _) -> true, asked);
    }

    /// The questions under `data`, each after `numFewshot` solved ones of the train file.
    ///
    /// @param dropsAsked as in [Question#withExamples]
    List<Document> documents(Path data, int numFewshot, boolean dropsAsked, Function<DataRecord, Document> document) {
        List<Question> questions = questions(find(data), document);
        if (numFewshot == 0) {
            return Question.documents(questions);
        }
        if (Files.isRegularFile(data)) {
            throw new ConfigException(
                    "num_fewshot: %s takes examples from its train file, got the file %s alone; give their folder"
                            .formatted(benchmark, data));
        }
        List<Question> pool = questions(find(data, Split.TRAIN), document);
        return Question.withExamples(benchmark, questions, pool, numFewshot, dropsAsked);
    }

    static List<Question> questions(DataFile file, Function<DataRecord, Document> document) {
        return file.read(each -> new Question(each.fields(), document.apply(each)));
    }

    /// The file under `data` with the questions that are asked.
    DataFile find(Path data) {
        return find(data, asked);
    }

    /// The file under `data` of a split. One that names no split holds the questions that are asked.
    DataFile find(Path data, @Nullable Split split) {
        if (Files.isRegularFile(data)) {
            return new DataFile(data);
        }
        var found = new ArrayList<Path>();
        var others = new ArrayList<String>();
        for (Path path : candidates(data, folders)) {
            if (!accepts.test(data, path)) {
                continue;
            }
            Split named = Split.of(data, path);
            if (split != null && (named == null ? split != asked : named != split)) {
                others.add("%s (%s)".formatted(path, named == null ? "no split in its name" : named.text()));
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
            throw new DataException("%s: no %sfile with the fields %s under %s, got %s; put the benchmark's file there"
                    .formatted(
                            benchmark,
                            split == Split.TRAIN ? "train " : "",
                            wanted(),
                            data,
                            others.isEmpty() ? "no file" : String.join("; ", others)));
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
