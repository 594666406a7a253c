package dev.razor.eval.compare;

import dev.razor.core.stats.Interval;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Comparisons as JSON.
public final class ComparisonJson {

    private ComparisonJson() {}

    /// `a`, `b`, `seed` and `comparisons`, each with `task`, `metric`, `n` items, `values`, `other_prompts`,
    /// `a`, `b`, `difference` and `ci95` (null where it is undefined); where every value is 0 or 1 also `both`,
    /// `only_a`, `only_b`, `neither`, `mcnemar_exact_p`, `mcnemar_mid_p` and `mcnemar_chi_square`.
    public static ObjectNode of(Path a, Path b, long seed, List<PairedComparison> comparisons) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("a", a.toString()).put("b", b.toString()).put("seed", seed);
        var list = root.putArray("comparisons");
        for (PairedComparison one : comparisons) {
            ObjectNode node = list.addObject()
                    .put("task", one.task())
                    .put("metric", one.metric())
                    .put("n", one.items())
                    .put("values", one.values())
                    .put("other_prompts", one.otherPrompts())
                    .put("a", one.a())
                    .put("b", one.b())
                    .put("difference", one.difference());
            if (one.ci95().equals(Interval.UNDEFINED)) {
                node.putNull("ci95");
            } else {
                node.putArray("ci95").add(one.ci95().low()).add(one.ci95().high());
            }
            PairedComparison.Counts counts = one.counts();
            if (counts != null) {
                node.put("both", counts.both())
                        .put("only_a", counts.onlyA())
                        .put("only_b", counts.onlyB())
                        .put("neither", counts.neither())
                        .put("mcnemar_exact_p", counts.mcNemar().exact())
                        .put("mcnemar_mid_p", counts.mcNemar().midP())
                        .put("mcnemar_chi_square", counts.mcNemar().chiSquare());
            }
        }
        return root;
    }
}
