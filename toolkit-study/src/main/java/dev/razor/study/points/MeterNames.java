package dev.razor.study.points;

import java.util.List;

/// The names a meter can have. They tell the meters' columns of `points.csv` from the benchmarks', which are
/// called what the user calls them.
public final class MeterNames {

    /// KL(base || model) on the new task's inputs: the meter the forgetting law is about.
    public static final String FORWARD_KL = "forward_kl";

    /// Every meter, in the order reports list them.
    public static final List<String> ALL = List.of(
            FORWARD_KL,
            "reverse_kl",
            "jensen_shannon",
            "total_variation",
            "l2",
            "weight_l1",
            "weight_fisher_l2",
            "weight_spectral",
            "weight_sparsity",
            "weight_sparsity_bfloat16",
            "weight_rank",
            "activation_l1",
            "activation_l2",
            "cka",
            "cknna");

    private static final String PER_TOKEN = "_per_token";

    /// Of probabilities as they are, where the meter itself raises them to 1e-10 at least.
    private static final String UNCLAMPED = "_unclamped";

    /// What the name of a meter on the old task's inputs begins with.
    public static final String OLD = "old_";

    private MeterNames() {}

    /// Whether `column` is a meter of [#ALL], or one of them with the suffix `_per_token` or `_unclamped`, or
    /// with the prefix `old_`.
    public static boolean isMeter(String column) {
        String name = column.startsWith(OLD) ? column.substring(OLD.length()) : column;
        for (String suffix : List.of(PER_TOKEN, UNCLAMPED)) {
            name = name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
        }
        return ALL.contains(name);
    }
}
