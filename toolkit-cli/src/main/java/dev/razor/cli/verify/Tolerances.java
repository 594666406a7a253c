package dev.razor.cli.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How far a float32 computation may lie from the golden numbers: what the directory's `tolerances.json` says,
/// and where that says nothing the values of `golden/README.md`.
final class Tolerances {

    private static final String FRACTION_WITHIN = "final_fraction_within_";

    private static final Map<String, Double> README = new LinkedHashMap<>();

    static {
        README.put("logits.max_abs", 2e-4);
        README.put("logprobs.max_abs", 1e-4);
        README.put("logprobs.sum_max_abs", 1e-3);
        README.put("greedy.logprobs_max_abs", 1e-4);
        README.put("sft.loss_abs", 2e-5);
        README.put("sft.nll_sum_rel", 1e-5);
        README.put("sft.grad_global_norm_rel", 1e-4);
        README.put("sft.grad_tensor_rel_to_max", 2e-4);
        README.put("adamw.lr_rel", 1e-6);
        README.put("adamw.loss_abs", 1e-4);
        README.put("adamw.grad_norm_rel", 2e-4);
        README.put("adamw.final_rms_matrices", 1e-5);
        README.put("adamw.final_rms_vectors", 3e-5);
        README.put("adamw.final_max_abs", 2e-3);
        README.put("grpo.advantages_abs", 1e-6);
        README.put("grpo.logps_max_abs", 1e-4);
        README.put("grpo.loss_abs", 2e-5);
        README.put("grpo.grad_global_norm_rel", 2e-4);
        README.put("grpo.grad_tensor_norm_rel", 2e-3);
        README.put("grpo.grad_tensor_rel_to_max", 5e-4);
        README.put("grpo.kl_entropy_abs", 1e-4);
        README.put("grpo.clip_ratio_abs", 1e-6);
        README.put("divergence.kl_per_position_abs", 1e-4);
        README.put("divergence.tv_l2_per_position_abs", 2e-5);
        README.put("divergence.entropy_abs", 1e-4);
        README.put("divergence.sum_abs", 1e-3);
        README.put("multiple_choice.loglikelihood_abs", 1e-3);
        README.put("multiple_choice.normalised_abs", 1e-3);
        README.put("multiple_choice.mc2_abs", 1e-3);
        README.put("encode_pair.loglikelihood_abs", 1e-3);
    }

    private final @Nullable GoldenValue file;

    Tolerances(@Nullable GoldenValue file) {
        this.file = file;
    }

    /// The tolerance called `key`, such as `sft.loss_abs`.
    double of(String key) {
        int dot = key.indexOf('.');
        String family = key.substring(0, dot);
        String name = key.substring(dot + 1);
        if (file != null && file.has(family) && file.get(family).has(name)) {
            return file.get(family).get(name).number();
        }
        Double known = README.get(key);
        if (known == null) {
            throw new IllegalArgumentException("no tolerance is called " + key);
        }
        return known;
    }

    /// How close the entries of trained parameters must be, and the share of them that must.
    record Closeness(double within, double share) {}

    /// AdamW's `final_fraction_within_X`, whose name holds one of its two numbers.
    Closeness closeness() {
        JsonNode family = file == null ? null : file.node().get("adamw");
        if (file != null && family != null && family.isObject()) {
            for (String key : family.propertyNames()) {
                if (key.matches(FRACTION_WITHIN + "[0-9.]+(e-?[0-9]+)?")) {
                    double within = Double.parseDouble(key.substring(FRACTION_WITHIN.length()));
                    return new Closeness(within, file.get("adamw").get(key).number());
                }
            }
        }
        return new Closeness(1e-4, 0.999);
    }
}
