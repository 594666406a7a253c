package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/// Compares two evaluations item by item.
public final class Comparisons {

    private static final int MOST_PROBLEMS = 20;

    private Comparisons() {}

    /// Every metric of every task that both evaluations have, tasks in the order of their names.
    ///
    /// @param seed of the resamples
    /// @throws DataException if they share no task, or if a task's items differ in number or content
    public static List<PairedComparison> of(Path a, Path b, long seed) {
        var first = SampleFiles.read(a);
        var second = SampleFiles.read(b);
        Set<String> tasks = new LinkedHashSet<>(first.keySet());
        tasks.retainAll(second.keySet());
        if (tasks.isEmpty()) {
            throw new DataException("%s and %s: share no task, got %s and %s; evaluate both on the same tasks"
                    .formatted(a, b, String.join(", ", first.keySet()), String.join(", ", second.keySet())));
        }
        var problems = new ArrayList<String>();
        for (String task : tasks) {
            check(task, Objects.requireNonNull(first.get(task)), Objects.requireNonNull(second.get(task)), problems);
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())));
        }
        var comparisons = new ArrayList<PairedComparison>();
        for (String task : tasks) {
            compare(
                    task,
                    Objects.requireNonNull(first.get(task)),
                    Objects.requireNonNull(second.get(task)),
                    seed,
                    comparisons);
        }
        return List.copyOf(comparisons);
    }

    private static void check(
            String task, SequencedMap<String, Item> a, SequencedMap<String, Item> b, List<String> problems) {
        for (Item item : a.values()) {
            Item other = b.get(item.id());
            if (other == null) {
                problems.add("%s: %s: doc_id %s is missing in the other; evaluate both with the same --limit"
                        .formatted(item.where(), task, item.id()));
            } else if (!item.content().equals(other.content())) {
                problems.add("%s: %s: doc_id %s is another item at %s; evaluate both on the same file"
                        .formatted(item.where(), task, item.id(), other.where()));
            }
        }
        for (Item item : b.values()) {
            if (!a.containsKey(item.id())) {
                problems.add("%s: %s: doc_id %s is missing in the other; evaluate both with the same --limit"
                        .formatted(item.where(), task, item.id()));
            }
        }
    }

    private static void compare(
            String task,
            SequencedMap<String, Item> a,
            SequencedMap<String, Item> b,
            long seed,
            List<PairedComparison> comparisons) {
        Set<String> metrics =
                new LinkedHashSet<>(a.firstEntry().getValue().metrics().keySet());
        List<Item> firsts = List.copyOf(a.values());
        List<Item> seconds = firsts.stream()
                .map(item -> Objects.requireNonNull(b.get(item.id())))
                .toList();
        int otherPrompts = 0;
        for (int i = 0; i < firsts.size(); i++) {
            metrics.retainAll(firsts.get(i).metrics().keySet());
            metrics.retainAll(seconds.get(i).metrics().keySet());
            otherPrompts += firsts.get(i).prompt().equals(seconds.get(i).prompt()) ? 0 : 1;
        }
        for (String metric : metrics) {
            comparisons.add(PairedComparison.of(
                    task, metric, values(firsts, metric), values(seconds, metric), otherPrompts, seed));
        }
    }

    private static List<Double> values(List<Item> items, String metric) {
        return items.stream()
                .map(item -> Objects.requireNonNull(item.metrics().get(metric)))
                .toList();
    }
}
