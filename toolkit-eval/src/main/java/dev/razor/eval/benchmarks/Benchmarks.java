package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.List;
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

    /// The benchmark called `name`, or else the file of that name under `data` in the form of [MultipleChoiceFile].
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
        String known = String.join(
                ", ",
                ALL.stream().map(MultipleChoiceBenchmark::name).limit(NAMED).toList());
        throw new ConfigException(("tasks: no benchmark and no file under %s has this name, got %s; take one of %s,"
                        + " or a subject such as mmlu_astronomy")
                .formatted(data, name, known));
    }
}
