package dev.razor.grpo;

import dev.razor.core.generate.Completion;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.reward.RewardScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A rollout as a checkpoint in the middle of its steps holds it: what cannot be computed again, because the
/// policy that sampled is gone by then. The base's log-probabilities can.
final class RolloutJson {

    private RolloutJson() {}

    static ObjectNode write(Rollout rollout) {
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode json = mapper.createObjectNode();
        ArrayNode tasks = json.putArray("tasks");
        rollout.tasks().forEach(task -> tasks.add(task.index()));
        ArrayNode completions = json.putArray("completions");
        for (int i = 0; i < rollout.completions().size(); i++) {
            Completion completion = rollout.completions().get(i);
            RewardScore score = rollout.scores().get(i);
            ObjectNode one = completions.addObject();
            ArrayNode ids = one.putArray("ids");
            for (int id : completion.ids()) {
                ids.add(id);
            }
            put(one.putArray("log_probs"), completion.logProbs());
            one.put("stopped", completion.stopped());
            one.put("reward", score.value());
            ArrayNode parts = one.putArray("parts");
            for (double part : score.parts()) {
                parts.add(Double.isFinite(part) ? mapper.valueToTree(part) : mapper.nullNode());
            }
            one.put("failure", score.failure());
            one.put("penalty", rollout.penalties()[i]);
            one.put("live", rollout.live()[i]);
            if (rollout.old() != null) {
                put(one.putArray("old_log_probs"), rollout.old().get(i).logProbs());
            }
        }
        json.set("stats", mapper.valueToTree(rollout.stats()));
        return json;
    }

    /// What [#write] wrote, without the base's log-probabilities.
    ///
    /// @param all the run's prompts
    static Rollout read(JsonNode json, List<Rollout.Task> all, GrpoConfig config) {
        List<Rollout.Task> tasks = new ArrayList<>();
        json.path("tasks").forEach(index -> tasks.add(all.get(index.asInt())));
        int count = json.path("completions").size();
        List<Completion> completions = new ArrayList<>();
        List<RewardScore> scores = new ArrayList<>();
        List<TokenLogProbs.Scores> old = new ArrayList<>();
        double[] penalties = new double[count];
        boolean[] live = new boolean[count];
        for (int i = 0; i < count; i++) {
            JsonNode one = Objects.requireNonNull(json.path("completions").get(i));
            int[] ids = one.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
            completions.add(new Completion(
                    ids, floats(one.path("log_probs")), one.path("stopped").asBoolean()));
            double[] parts = one.path("parts")
                    .valueStream()
                    .mapToDouble(part -> part.isNull() ? Double.NaN : part.asDouble())
                    .toArray();
            scores.add(new RewardScore(one.path("reward").asDouble(), parts, text(one.path("failure"))));
            penalties[i] = one.path("penalty").asDouble();
            live[i] = one.path("live").asBoolean();
            old.add(new TokenLogProbs.Scores(floats(one.path("old_log_probs")), new boolean[0], new float[0]));
        }
        return new Rollout(
                tasks,
                completions,
                scores,
                penalties,
                Advantages.of(scores, penalties, live, config),
                live,
                old,
                null,
                JsonMapper.shared().treeToValue(json.path("stats"), RolloutStats.class));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    private static void put(ArrayNode array, float[] values) {
        for (float value : values) {
            array.add(value);
        }
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Objects.requireNonNull(array.get(i)).asDouble();
        }
        return values;
    }
}
