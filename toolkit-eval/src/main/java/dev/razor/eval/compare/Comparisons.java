package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/// Compares two evaluations item by item.
public final class Comparisons {

    private Comparisons() {}

    /// Every metric that both evaluations have: of every task in the order of their names, then of every group of
    /// tasks that both have whole, each item counting the same.
    ///
    /// @param seed of the resamples
    /// @throws DataException if they share no task, or if a task's items differ in number or content
    public static List<PairedComparison> of(Path a, Path b, long seed) {
        var first = SampleFiles.read(a);
        var second = SampleFiles.read(b);
        SequencedSet<String> shared = new LinkedHashSet<>(first.keySet());
        shared.retainAll(second.keySet());
        if (shared.isEmpty()) {
            throw new DataException("%s and %s: share no task, got %s and %s; evaluate both on the same tasks"
                    .formatted(a, b, String.join(", ", first.keySet()), String.join(", ", second.keySet())));
        }
        var tasks = new ArrayList<PairedTask>();
        var mismatches = new Mismatches();
        for (String task : shared) {
            SequencedMap<String, Item> ofA = Objects.requireNonNull(first.get(task));
            SequencedMap<String, Item> ofB = Objects.requireNonNull(second.get(task));
            if (mismatches.check(task, ofA, ofB)) {
                tasks.add(PairedTask.of(task, ofA, ofB));
            }
        }
        mismatches.throwIfAny(a, b);
        var comparisons = new ArrayList<PairedComparison>();
        tasks.forEach(task -> comparisons.addAll(task.compare(seed)));
        groups(a, b, tasks).forEach(group -> comparisons.addAll(group.compare(seed)));
        return List.copyOf(comparisons);
    }

    private static List<PairedTask> groups(Path a, Path b, List<PairedTask> tasks) {
        var first = Groups.read(a);
        var second = Groups.read(b);
        List<PairedTask> groups = new ArrayList<>();
        first.forEach((name, members) -> {
            List<PairedTask> found =
                    tasks.stream().filter(task -> members.contains(task.name())).toList();
            if (Set.copyOf(members).equals(second.get(name)) && found.size() == members.size()) {
                groups.add(PairedTask.joined(name, found));
            }
        });
        return groups;
    }
}
