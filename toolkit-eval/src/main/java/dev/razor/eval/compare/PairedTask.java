package dev.razor.eval.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;

/// A task, or a group of them, that two models answered, item by item in the same order.
///
/// @param metrics that every item has in both
/// @param otherPrompts items that the two were asked in other words
record PairedTask(String name, SequencedSet<String> metrics, List<Item> a, List<Item> b, int otherPrompts) {

    /// @param b has the items of `a`
    static PairedTask of(String name, Map<String, Item> a, Map<String, Item> b) {
        List<Item> firsts = List.copyOf(a.values());
        List<Item> seconds = firsts.stream()
                .map(item -> Objects.requireNonNull(b.get(item.id())))
                .toList();
        SequencedSet<String> metrics =
                new LinkedHashSet<>(firsts.getFirst().metrics().keySet());
        int otherPrompts = 0;
        for (int i = 0; i < firsts.size(); i++) {
            metrics.retainAll(firsts.get(i).metrics().keySet());
            metrics.retainAll(seconds.get(i).metrics().keySet());
            List<String> one = firsts.get(i).prompts();
            List<String> other = seconds.get(i).prompts();
            otherPrompts += one.isEmpty() || other.isEmpty() || one.equals(other) ? 0 : 1;
        }
        return new PairedTask(name, metrics, firsts, seconds, otherPrompts);
    }

    /// All items of `tasks`, as one.
    static PairedTask joined(String name, List<PairedTask> tasks) {
        SequencedSet<String> metrics = new LinkedHashSet<>(tasks.getFirst().metrics());
        List<Item> a = new ArrayList<>();
        List<Item> b = new ArrayList<>();
        int otherPrompts = 0;
        for (PairedTask task : tasks) {
            metrics.retainAll(task.metrics());
            a.addAll(task.a());
            b.addAll(task.b());
            otherPrompts += task.otherPrompts();
        }
        return new PairedTask(name, metrics, a, b, otherPrompts);
    }

    /// One a metric.
    List<PairedComparison> compare(long seed) {
        return metrics.stream()
                .map(metric ->
                        PairedComparison.of(name, metric, values(a, metric), values(b, metric), otherPrompts, seed))
                .toList();
    }

    private static List<List<Double>> values(List<Item> items, String metric) {
        return items.stream()
                .map(item -> Objects.requireNonNull(item.metrics().get(metric)))
                .toList();
    }
}
