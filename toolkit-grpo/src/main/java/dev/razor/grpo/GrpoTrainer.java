package dev.razor.grpo;

import ai.djl.ndarray.NDScope;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.optim.Updater;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.train.StepClock;
import dev.razor.core.train.TrainingArguments;
import dev.razor.core.train.TrainingOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Trains a policy on its own samples by group relative policy optimisation. The whole algorithm is in this file:
///
/// 1. take the next prompts, sample `num_generations` completions of each, score them, compute advantages
///    ([Rollout]);
/// 2. where the rollout serves several optimiser steps, record the log-probabilities it was sampled with; where
///    `beta` is not zero, those of the base;
/// 3. cut it into optimiser steps, `num_iterations` times over; in each, for every micro-batch: log-probabilities
///    now, [GrpoLoss] and its derivative by each of them, backward pass; then clip and update.
///
/// In a rollout's only step the policy is the one that sampled, and the ratio is one exactly.
///
/// Metrics a step: those of SFT, and `reward_mean`, `reward_std`, `zero_variance_groups` (a count),
/// `completion_length_mean`, `truncated_fraction` of the rollout; `entropy` (nats a completion token),
/// `clip_fraction` (tokens whose clip is active), `kl` (k3 to the base a token; null without a base) of the step.
public final class GrpoTrainer {

    private static final ObjectNode NOTHING = JsonMapper.shared().createObjectNode();

    private final PretrainedModel policy;
    private final @Nullable PretrainedModel base;
    private final List<Rollout.Task> tasks;
    private final RewardFunctions reward;
    private final GrpoConfig config;
    private final GrpoLoss loss;
    private final TrainingArguments arguments;

    /// @param base the frozen reference model; needed where `beta` is not zero
    GrpoTrainer(
            PretrainedModel policy,
            @Nullable PretrainedModel base,
            List<Rollout.Task> tasks,
            RewardFunctions reward,
            GrpoConfig config) {
        this.policy = policy;
        this.base = base;
        this.tasks = tasks;
        this.reward = reward;
        this.config = config;
        this.loss = config.loss();
        this.arguments = config.training();
    }

    /// Runs the configured steps and publishes the result.
    ///
    /// @throws dev.razor.core.base.ConfigException if the run diverges; checkpoints and metrics so far remain
    public void train(TrainingOutput output, Progress progress) {
        int promptsPerRollout = config.rolloutSize() / config.numGenerations();
        StepPlan plan = new StepPlan(tasks.size(), promptsPerRollout, 1, arguments.seed());
        int perRollout = config.stepsPerRollout();
        int total = arguments.maxSteps() > 0
                ? arguments.maxSteps()
                : plan.totalSteps(arguments.numTrainEpochs(), -1) * perRollout;
        try (Updater updater = new Updater(
                policy.trainable(), arguments.optimizer(), arguments.schedule(total), arguments.maxGradNorm())) {
            TrainingOutput.Start start = output.start(updater);
            JsonNode remembered = start.trainer();
            for (int step = start.step() + 1; step <= total; ) {
                StepClock clock = new StepClock();
                int number = (step - 1) / perRollout;
                Experience experience = experience(fullRollout(plan, number, promptsPerRollout), number, remembered);
                remembered = NOTHING;
                for (int inner = (step - 1) % perRollout; inner < perRollout && step <= total; inner++, step++) {
                    Sums sums = step(experience, inner, clock);
                    Updater.Result update = updater.update(step, sums.loss);
                    if (step % arguments.loggingSteps() == 0) {
                        output.log(metrics(step, experience.rollout(), sums, update, clock));
                    }
                    progress.update(
                            "step",
                            step,
                            total,
                            String.format(
                                    Locale.ROOT,
                                    "reward %.3f",
                                    experience.rollout().meanReward()));
                    boolean save = arguments.saveSteps() > 0 && step % arguments.saveSteps() == 0;
                    if (save || step == total) {
                        updater.requireFinite(step, sums.loss);
                    }
                    if (save) {
                        boolean midway = inner + 1 < perRollout;
                        output.checkpoint(step, policy, updater, midway ? experience.toJson() : NOTHING);
                    }
                    clock = new StepClock();
                }
            }
        }
        output.finish(total, policy);
    }

    /// The prompts of a rollout; the last of an epoch is filled up with the first of the next one.
    private List<Rollout.Task> fullRollout(StepPlan plan, int number, int size) {
        List<Rollout.Task> chosen = new ArrayList<>();
        for (int next = number; chosen.size() < size; next++) {
            for (int index : plan.microBatches(next).getFirst()) {
                if (chosen.size() < size) {
                    chosen.add(tasks.get(index));
                }
            }
        }
        return chosen;
    }

    /// @param remembered of a checkpoint in the middle of this rollout's steps; else empty
    private Experience experience(List<Rollout.Task> chosen, int number, JsonNode remembered) {
        Experience experience;
        if (remembered.isEmpty()) {
            Rollout rollout = Rollout.sample(policy, chosen, reward, config, number);
            List<TokenLogProbs.Scores> old = config.stepsPerRollout() == 1 ? null : score(policy, rollout.sequences());
            experience = new Experience(rollout, old, null);
        } else {
            experience = Experience.of(remembered, chosen, config);
        }
        return base == null
                ? experience
                : experience.withReference(score(base, experience.rollout().sequences()));
    }

    private List<TokenLogProbs.Scores> score(PretrainedModel model, List<TokenSequence> sequences) {
        return new SequenceScorer(
                        model.model(), model.manager(), config.temperature(), arguments.perDeviceTrainBatchSize())
                .score(sequences, false);
    }

    /// What an optimiser step adds up over its micro-batches.
    private static final class Sums {
        private double loss;
        private double entropy;
        private double kl;
        private int clipped;
        private int tokens;
    }

    private Sums step(Experience experience, int inner, StepClock clock) {
        int slices = config.rolloutSize() / config.stepSize();
        int first = inner % slices * config.stepSize();
        Rollout rollout = experience.rollout();
        long stepTokens = 0;
        for (int i = first; i < first + config.stepSize(); i++) {
            stepTokens += masked(rollout, i) ? 0 : rollout.completions().get(i).ids().length;
        }
        var accumulation = new GrpoLoss.Accumulation(arguments.gradientAccumulationSteps(), stepTokens);
        Sums sums = new Sums();
        for (int m = 0; m < arguments.gradientAccumulationSteps(); m++) {
            int from = first + m * arguments.perDeviceTrainBatchSize();
            backward(experience, from, from + arguments.perDeviceTrainBatchSize(), accumulation, sums, clock);
        }
        return sums;
    }

    private boolean masked(Rollout rollout, int i) {
        return config.maskTruncatedCompletions()
                && !rollout.completions().get(i).stopped();
    }

    private void backward(
            Experience experience, int from, int to, GrpoLoss.Accumulation accumulation, Sums sums, StepClock clock) {
        TokenBatch batch = TokenBatch.of(experience.rollout().sequences().subList(from, to));
        clock.count(batch.length(), batch.sequences());
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass =
                    batch.forward(policy.model(), policy.manager(), arguments.gradientCheckpointing()); // [M, D]
            TokenLogProbs logProbs = TokenLogProbs.of(policy.model().head(), config.temperature());
            TokenLogProbs.Scores now = logProbs.score(pass.hidden(), batch.targets(), true);
            GrpoLoss.Output found = loss.compute(rows(experience, from, to, now.logProbs()), accumulation);
            logProbs.backward(pass, batch.targets(), flatten(found.gradients()));
            sums.loss += found.loss();
            sums.kl += found.klSum();
            sums.clipped += found.clippedLow() + found.clippedHigh();
            sums.tokens += found.tokens();
            int at = 0;
            for (int i = from; i < to; i++) {
                int length = experience.rollout().completions().get(i).ids().length;
                for (int t = at; t < at + length && !masked(experience.rollout(), i); t++) {
                    sums.entropy += now.entropies()[t];
                }
                at += length;
            }
        }
    }

    private List<GrpoLoss.Row> rows(Experience experience, int from, int to, float[] now) {
        List<GrpoLoss.Row> rows = new ArrayList<>();
        int at = 0;
        for (int i = from; i < to; i++) {
            int length = experience.rollout().completions().get(i).ids().length;
            float[] logProbs = Arrays.copyOfRange(now, at, at + length);
            rows.add(new GrpoLoss.Row(
                    logProbs,
                    experience.old() == null
                            ? logProbs
                            : experience.old().get(i).logProbs(),
                    experience.ref() == null ? null : experience.ref().get(i).logProbs(),
                    experience.rollout().advantages()[i],
                    masked(experience.rollout(), i)));
            at += length;
        }
        return rows;
    }

    private static float[] flatten(float[][] rows) {
        float[] flat = new float[Arrays.stream(rows).mapToInt(row -> row.length).sum()];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, flat, at, row.length);
            at += row.length;
        }
        return flat;
    }

    private SequencedMap<String, @Nullable Object> metrics(
            int step, Rollout rollout, Sums sums, Updater.Result update, StepClock clock) {
        SequencedMap<String, @Nullable Object> metrics = new LinkedHashMap<>();
        metrics.put("step", step);
        metrics.put("loss", sums.loss);
        metrics.put("learning_rate", update.learningRate());
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("tokens", clock.tokens());
        metrics.put("trained_tokens", sums.tokens);
        metrics.put("tokens_per_second", clock.tokensPerSecond());
        metrics.put("reward_mean", rollout.meanReward());
        metrics.put("reward_std", Advantages.deviation(rollout.rewards()));
        metrics.put("zero_variance_groups", Advantages.zeroVarianceGroups(rollout.rewards(), config.numGenerations()));
        metrics.put("completion_length_mean", rollout.meanCompletionLength());
        metrics.put("truncated_fraction", rollout.truncatedFraction());
        metrics.put("entropy", sums.entropy / Math.max(1, sums.tokens));
        metrics.put("clip_fraction", (double) sums.clipped / Math.max(1, sums.tokens));
        metrics.put("kl", base == null ? null : sums.kl / Math.max(1, sums.tokens));
        return metrics;
    }
}
