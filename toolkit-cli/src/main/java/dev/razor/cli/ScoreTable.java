package dev.razor.cli;

import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.generative.GenerativeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Benchmark scores as lines of aligned columns.
final class ScoreTable {

    private ScoreTable() {}

    static List<String> lines(List<BenchmarkResult> results, List<GenerativeResult> answered) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("task", "metric", "value", "stderr", "n"));
        for (BenchmarkResult result : results) {
            result.groups().forEach(group -> group.aggregates().forEach(one -> rows.add(row(group.name(), one))));
            result.tasks().forEach(task -> task.aggregates().forEach(one -> rows.add(row(task.name(), one))));
        }
        answered.forEach(task -> task.aggregates().forEach(one -> rows.add(row(task.name(), one))));
        return TextTable.lines(rows, 2);
    }

    private static List<String> row(String name, Aggregate aggregate) {
        String error = aggregate.standardError().isPresent()
                ? number(aggregate.standardError().getAsDouble())
                : "-";
        return List.of(name, aggregate.metric(), number(aggregate.mean()), error, Integer.toString(aggregate.count()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
