package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.generative.GenerativeBenchmark;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The multiple-choice benchmarks that ship with Razor.
public final class Benchmarks {

    public static final List<MultipleChoiceBenchmark> ALL = Stream.of(
                    List.of(new HellaSwag(), new TruthfulQaMc1(), new TruthfulQaMc2(), new Winogrande()),
                    Arc.ALL,
                    Mmlu.all())
            .flatMap(List::stream)
            .toList();

    /// How many of them a message names: all but MMLU's subjects.
    private static final int NAMED = 11;

    private Benchmarks() {}

    /// The benchmark called `name`, or else the file of that name under `data` in the form of
    /// [MultipleChoiceFile].
    public static MultipleChoiceBenchmark named(String name, Path data) {
        return ALL.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElseGet(() -> file(name, data));
    }

    private static MultipleChoiceBenchmark file(String name, Path data) {
        if (MultipleChoiceFile.isName(name)) {
            var file = new MultipleChoiceFile(name);
            if (file.isPresent(data)) {
                return file;
            }
        }
        String chosen =
                ALL.stream().map(MultipleChoiceBenchmark::name).limit(NAMED).collect(Collectors.joining(", "));
        String written = GenerativeBenchmarks.all().stream()
                .map(GenerativeBenchmark::name)
                .collect(Collectors.joining(", "));
        throw new ConfigException(("tasks: no benchmark and no file under %s has this name, got %s; take one of %s,"
                        + " a subject such as mmlu_astronomy, or one answered in words: %s")
                .formatted(data, name, chosen, written));
    }
}
