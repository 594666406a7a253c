package dev.razor.study.points;

import java.util.List;

/// The names a meter can have. They tell the meters' columns of `points.csv` from the benchmarks', which
/// are called what the user calls them.
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

    private MeterNames() {}

    /// Whether `column` is a meter of [#ALL], or one of them with the suffix `_per_token`.
    public static boolean isMeter(String column) {
        String stem = column.endsWith(PER_TOKEN) ? column.substring(0, column.length() - PER_TOKEN.length()) : column;
        return ALL.contains(stem);
    }
}
