package dev.razor.grpo;

import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.RewardScore;
import dev.razor.core.run.MetricsWriter;
import dev.razor.core.train.TrainingOutput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes completions that a run trains on into `completions.jsonl`, the best and the worst of each group, a
/// line each, every some steps: `step`, `prompt`, `completion`, `finish_reason`, `reward`, `rewards` by name
/// (null where one failed), `reward_failure`, `penalty`, `advantage`, and token by token `tokens`, `logprobs`
/// when sampled and `logprob_shift`, what the optimiser step has added to each log-probability (the effect of
/// the earlier steps on the same rollout included):
///
/// ```
/// logprob_shift_t = log pi_after(y_t | y_<t) - log pi_sampled(y_t | y_<t)
/// ```
final class CompletionTable implements AutoCloseable {

    static final String FILE = "completions.jsonl";

    private final GrpoConfig config;
    private final List<String> rewardNames;
    private @Nullable MetricsWriter out;

    CompletionTable(GrpoConfig config, List<String> rewardNames) {
        this.config = config;
        this.rewardNames = rewardNames;
    }

    /// Opens the file; of a resumed run it keeps the lines up to `step`.
    void open(TrainingOutput output, int step) {
        if (config.logCompletions() > 0) {
            out = output.continued(FILE, step);
        }
    }

    /// Writes some of the completions that step `step` was made on, if it is time to.
    ///
    /// @param trained places of those completions in the rollout
    /// @param policy after the step
    void write(int step, boolean last, Rollout rollout, List<Integer> trained, PretrainedModel policy) {
        if (out == null || (!last && step != 1 && step % config.completionsSteps() != 0)) {
            return;
        }
        List<Integer> chosen = chosen(rollout, trained);
        List<TokenLogProbs.Scores> after = new SequenceScorer(
                        policy.model(),
                        policy.manager(),
                        config.rollout().temperature(),
                        config.training().perDeviceTrainBatchSize())
                .score(rollout.sequences(chosen), false);
        for (int k = 0; k < chosen.size(); k++) {
            out.write(line(step, rollout, chosen.get(k), after.get(k).logProbs(), policy));
        }
    }

    /// Of each group in turn the completion with the highest advantage and the one with the lowest; one where
    /// all are equal.
    private List<Integer> chosen(Rollout rollout, List<Integer> trained) {
        List<Integer> chosen = new ArrayList<>();
        int size = config.rollout().numGenerations();
        Map<Integer, List<Integer>> groups =
                trained.stream().collect(Collectors.groupingBy(i -> i / size, LinkedHashMap::new, Collectors.toList()));
        for (List<Integer> group : groups.values()) {
            Comparator<Integer> byAdvantage = Comparator.comparingDouble(i -> rollout.advantages()[i]);
            int best = Collections.max(group.reversed(), byAdvantage); // of equal ones the first
            int worst = Collections.min(group, byAdvantage);
            chosen.add(best);
            if (rollout.advantages()[worst] < rollout.advantages()[best]) {
                chosen.add(worst);
            }
        }
        return chosen.subList(0, Math.min(chosen.size(), config.logCompletions()));
    }

    private SequencedMap<String, @Nullable Object> line(
            int step, Rollout rollout, int i, float[] after, PretrainedModel policy) {
        int[] ids = rollout.completions().get(i).ids();
        float[] before = rollout.old() == null
                ? rollout.completions().get(i).logProbs()
                : rollout.old().get(i).logProbs();
        RewardScore score = rollout.scores().get(i);
        ObjectNode rewards = JsonMapper.shared().createObjectNode();
        for (int k = 0; k < rewardNames.size(); k++) {
            double part = score.parts()[k];
            rewards.put(rewardNames.get(k), Double.isFinite(part) ? (Double) part : null);
        }
        ArrayNode tokens = JsonMapper.shared().createArrayNode();
        ArrayNode logProbs = JsonMapper.shared().createArrayNode();
        ArrayNode shifts = JsonMapper.shared().createArrayNode();
        for (int t = 0; t < ids.length; t++) {
            tokens.add(policy.tokenizer().decode(new int[] {ids[t]}));
            logProbs.add(before[t]);
            shifts.add(after[t] - before[t]);
        }
        SequencedMap<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("prompt", policy.tokenizer().decode(rollout.task(i).promptIds()));
        line.put("completion", PromptIds.text(ids, policy.tokenizer()));
        line.put("finish_reason", rollout.completions().get(i).stopped() ? "stop" : "length");
        line.put("reward", score.value());
        line.put("rewards", rewards);
        line.put("reward_failure", score.failure());
        line.put("penalty", rollout.penalties()[i]);
        line.put("advantage", rollout.advantages()[i]);
        line.put("tokens", tokens);
        line.put("logprobs", logProbs);
        line.put("logprob_shift", shifts);
        return line;
    }

    @Override
    public void close() {
        if (out != null) {
            out.close();
        }
    }
}
