package dev.razor.grpo;

import dev.razor.core.generate.Completion;
import dev.razor.core.loss.TokenLogProbs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A rollout and what other models and earlier policies say of its tokens.
///
/// A checkpoint in the middle of a rollout's steps holds it, because the policy that sampled it is gone by then.
///
/// @param old per completion, under the policy that sampled; null where that is the one being updated
/// @param ref per completion, under the base; null without a base
record Experience(
        Rollout rollout,
        @Nullable List<TokenLogProbs.Scores> old,
        @Nullable List<TokenLogProbs.Scores> ref) {

    /// What cannot be computed again: completions, rewards, the sampling policy's log-probabilities.
    ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ArrayNode completions = json.putArray("completions");
        for (int i = 0; i < rollout.completions().size(); i++) {
            Completion completion = rollout.completions().get(i);
            ObjectNode one = completions.addObject();
            ArrayNode ids = one.putArray("ids");
            for (int id : completion.ids()) {
                ids.add(id);
            }
            put(one.putArray("log_probs"), completion.logProbs());
            one.put("stopped", completion.stopped()).put("reward", rollout.rewards()[i]);
            if (old != null) {
                put(one.putArray("old_log_probs"), old.get(i).logProbs());
            }
        }
        return json;
    }

    /// What [#toJson] wrote, without the base's log-probabilities.
    static Experience of(JsonNode json, List<Rollout.Task> tasks, GrpoConfig config) {
        List<Completion> completions = new ArrayList<>();
        List<TokenLogProbs.Scores> old = new ArrayList<>();
        double[] rewards = new double[json.path("completions").size()];
        for (JsonNode one : json.path("completions")) {
            rewards[completions.size()] = one.path("reward").asDouble();
            JsonNode ids = one.path("ids");
            int[] tokens = new int[ids.size()];
            for (int t = 0; t < tokens.length; t++) {
                tokens[t] = ids.get(t).asInt();
            }
            completions.add(new Completion(
                    tokens, floats(one.path("log_probs")), one.path("stopped").asBoolean()));
            old.add(new TokenLogProbs.Scores(floats(one.path("old_log_probs")), new boolean[0], new float[0]));
        }
        return new Experience(Rollout.of(tasks, completions, rewards, config), old, null);
    }

    /// The same with the base's log-probabilities.
    Experience withReference(@Nullable List<TokenLogProbs.Scores> reference) {
        return new Experience(rollout, old, reference);
    }

    private static void put(ArrayNode array, float[] values) {
        for (float value : values) {
            array.add(value);
        }
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }
}
