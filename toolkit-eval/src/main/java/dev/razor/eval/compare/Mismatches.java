package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Why two evaluations cannot be compared: a line for each task and fault, with the first few items.
final class Mismatches {

    private static final int NAMED = 3;
    private static final int MOST_LINES = 10;

    private final List<String> missingInB = new ArrayList<>();
    private final List<String> missingInA = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    /// Looks at a task, and tells whether its items are the same.
    boolean check(String task, Map<String, Item> a, Map<String, Item> b) {
        int before = missingInA.size() + missingInB.size() + others.size();
        addMissing(task, a, b, missingInB);
        addMissing(task, b, a, missingInA);
        List<Item> different = a.values().stream()
                .filter(item -> b.containsKey(item.id()))
                .filter(item -> !item.isSame(Objects.requireNonNull(b.get(item.id()))))
                .toList();
        if (!different.isEmpty()) {
            Item first = different.getFirst();
            Item other = Objects.requireNonNull(b.get(first.id()));
            others.add("%s: %s are not those of %s (%s); evaluate both on the same file"
                    .formatted(
                            first.where() + ": " + task,
                            some(different, a.size()),
                            other.where(),
                            first.question().difference(other.question())));
        } else if (before == missingInA.size() + missingInB.size()) {
            addUnequalParts(task, a, b);
        }
        return before == missingInA.size() + missingInB.size() + others.size();
    }

    private static void addMissing(String task, Map<String, Item> here, Map<String, Item> there, List<String> into) {
        List<Item> missing = here.values().stream()
                .filter(item -> !there.containsKey(item.id()))
                .toList();
        if (!missing.isEmpty()) {
            into.add("%s: %s: %s are missing in the other; evaluate both with the same --limit"
                    .formatted(missing.getFirst().where(), task, some(missing, here.size())));
        }
    }

    /// Items with several values (IFEval's instructions) must have as many in both; some metric must be shared.
    private void addUnequalParts(String task, Map<String, Item> a, Map<String, Item> b) {
        List<Item> unequal = a.values().stream()
                .filter(item -> item.metrics().entrySet().stream()
                        .anyMatch(metric -> Objects.requireNonNull(b.get(item.id()))
                                        .metrics()
                                        .getOrDefault(metric.getKey(), metric.getValue())
                                        .size()
                                != metric.getValue().size()))
                .toList();
        if (!unequal.isEmpty()) {
            others.add("%s: %s: %s have another number of parts in the other; evaluate both on the same file"
                    .formatted(unequal.getFirst().where(), task, some(unequal, a.size())));
        } else if (PairedTask.of(task, a, b).metrics().isEmpty()) {
            Item first = a.values().iterator().next();
            Item other = b.values().iterator().next();
            others.add("%s: %s: shares no metric with %s, got %s and %s; evaluate both in the same way"
                    .formatted(
                            first.where(),
                            task,
                            other.where(),
                            first.metrics().keySet(),
                            other.metrics().keySet()));
        }
    }

    private static String some(List<Item> items, int all) {
        String ids = items.stream().limit(NAMED).map(Item::id).collect(Collectors.joining(", "));
        return "%d of %d items (doc_id %s%s)".formatted(items.size(), all, ids, items.size() > NAMED ? ", ..." : "");
    }

    /// @throws DataException if there is something to tell
    void throwIfAny(Path a, Path b) {
        List<String> lines = new ArrayList<>(missingInB);
        lines.addAll(missingInA);
        lines.addAll(others);
        if (lines.size() > MOST_LINES) {
            int more = lines.size() - MOST_LINES;
            lines.subList(MOST_LINES, lines.size()).clear();
            lines.add("%s and %s: %d more tasks differ; see to those above first".formatted(a, b, more));
        }
        if (!lines.isEmpty()) {
            throw new DataException(lines);
        }
    }
}
