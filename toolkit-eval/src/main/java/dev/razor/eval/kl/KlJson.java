package dev.razor.eval.kl;

import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The output of a comparison: one object with the aggregates, and one line a sequence.
public final class KlJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private KlJson() {}

    /// The aggregates, with counts and settings; an interval that is not defined is null.
    ///
    /// @param sequencesFile the name of the file with the lines
    public static String text(KlResult result, KlSettings settings, String sequencesFile) {
        ObjectNode root = JSON.createObjectNode();
        put(root, "forward_kl", result.forwardKl());
        put(root, "reverse_kl", result.reverseKl());
        put(root, "total_variation", result.totalVariation());
        put(root, "l2", result.l2());
        put(root, "jensen_shannon", result.jensenShannon());
        put(root, "forward_kl_sampled", result.forwardKlSampled());
        put(root, "reverse_kl_sampled", result.reverseKlSampled());
        put(root, "forward_kl_k3", result.forwardKlK3());
        put(root, "reverse_kl_k3", result.reverseKlK3());
        boolean drawn = settings.plan() != null;
        count(root.putObject("counts"), result.sequences(), drawn);
        if (drawn) {
            count(root.putObject("counts_model_samples"), result.fromModel(), true);
        }
        root.put("sequences_file", sequencesFile);
        root.set("settings", settings(settings));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void put(ObjectNode root, String name, @Nullable Quantity quantity) {
        if (quantity != null) {
            ObjectNode node = root.putObject(name);
            node.set("per_sequence", estimate(quantity.perSequence()));
            node.set("per_token", estimate(quantity.perToken()));
        }
    }

    private static ObjectNode estimate(Quantity.Estimate estimate) {
        ObjectNode node = JSON.createObjectNode();
        node.put("mean", estimate.mean());
        Interval interval = estimate.ci95();
        if (interval.isDefined()) {
            node.putArray("ci95").add(interval.low()).add(interval.high());
        } else {
            node.putNull("ci95");
        }
        return node;
    }

    private static void count(ObjectNode node, List<SequenceDivergence> sequences, boolean drawn) {
        node.put(
                "prompts",
                sequences.stream()
                        .mapToInt(one -> one.sequence().prompt())
                        .distinct()
                        .count());
        node.put("sequences", sequences.size());
        node.put(
                "tokens",
                sequences.stream().mapToLong(SequenceDivergence::tokens).sum());
        if (drawn) {
            node.put(
                    "truncated",
                    sequences.stream().filter(one -> one.sequence().truncated()).count());
        }
    }

    private static ObjectNode settings(KlSettings settings) {
        ObjectNode node = JSON.createObjectNode();
        node.put("base", settings.base())
                .put("base_hash", settings.baseHash())
                .put("model", settings.model())
                .put("model_hash", settings.modelHash());
        SamplingPlan plan = settings.plan();
        if (plan == null) {
            node.put("sequences", settings.input());
        } else {
            node.put("input", settings.input())
                    .put("samples", plan.samples())
                    .put("max_new_tokens", plan.maxNewTokens())
                    .put("temperature", 1.0);
            Arrays.stream(plan.stopTokens()).forEach(node.putArray("stop_tokens")::add);
        }
        return node.put("seed", settings.seed())
                .put("bootstrap_resamples", Bootstrap.RESAMPLES)
                .put("dtype", settings.dtype())
                .put("device", settings.device())
                .put("batch_size", settings.batchSize());
    }

    /// The line of one sequence, its quantities summed over its positions.
    ///
    /// @param id of its prompt or, where sequences were given, its own
    /// @param drawnFrom `base` or `model`; null where the sequence was given
    public static ObjectNode line(JsonNode id, SequenceDivergence one, @Nullable String drawnFrom) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.set("id", id);
        if (drawnFrom != null) {
            line.put("sampled_from", drawnFrom);
            line.put("truncated", one.sequence().truncated());
        }
        line.put("tokens", one.tokens())
                .put("forward_kl", one.forwardKl())
                .put("reverse_kl", one.reverseKl())
                .put("total_variation", one.totalVariation())
                .put("l2", one.l2())
                .put("jensen_shannon", one.jensenShannon())
                .put("base_logprob", one.baseLogProb())
                .put("model_logprob", one.modelLogProb());
        ArrayNode ids = line.putArray("completion_ids");
        Arrays.stream(one.sequence().completionIds()).forEach(ids::add);
        return line;
    }
}
