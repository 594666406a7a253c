package dev.razor.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.loss.KlDirection;
import dev.razor.core.loss.KlPenalty;
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
import dev.razor.core.train.Watch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Trains a policy on its own samples by group relative policy optimisation. The whole algorithm is in this
/// file and in [RolloutSampler]:
///
/// 1. take the next prompts, sample `num_generations` completions of each, score them, compute advantages;
/// where the rollout serves several optimiser steps, record the log-probabilities it was sampled with; where
/// the loss has a KL estimated from samples, those of the base ([RolloutSampler]);
/// 2. cut it into optimiser steps, `num_iterations` times over; in each, for every micro-batch: log-probabilities
///    now, [GrpoLoss] and its derivative by each of them, backward pass; then clip and update.
///
/// In a rollout's only step the policy is the one that sampled, and the ratio is one exactly.
///
/// Metrics a step: those of SFT; of the rollout what [RolloutStats] has; of the step `entropy` (nats a
/// completion token), `clip_fraction` (ratios whose clip is active), `kl` (to the base, a token; null without
/// one), `sampling_logp_difference_max` and `_mean` (between the log-probabilities recorded while sampling and
/// those of the training pass, of the same tokens and weights; null where the policy has moved since),
/// `live_completions` (with `dynamic_sampling`), `off_policy_sampling` (where `top_p` or `top_k` cut); and what
/// [Watch] finds.
public final class GrpoTrainer {

    private final PretrainedModel policy;
    private final @Nullable PretrainedModel base;
    private final List<Rollout.Task> tasks;
    private final RewardFunctions reward;
    private final GrpoConfig config;
    private final GrpoLoss loss;
    private final TrainingArguments arguments;
    private final Watch watch;

    /// @param base the frozen reference model; needed where `beta` is not zero
    GrpoTrainer(
            PretrainedModel policy,
            @Nullable PretrainedModel base,
            List<Rollout.Task> tasks,
            RewardFunctions reward,
            GrpoConfig config,
            Watch watch) {
        this.policy = policy;
        this.base = base;
        this.tasks = tasks;
        this.reward = reward;
        this.config = config;
        this.loss = config.loss().loss(config.rollout().maxCompletionLength());
        this.arguments = config.training();
        this.watch = watch;
    }

    /// Runs the configured steps, those before the output's newest checkpoint left out, and publishes the result.
    ///
    /// @throws dev.razor.core.base.ConfigException if the run diverges; checkpoints and metrics so far remain
    public void train(TrainingOutput output, Progress progress) {
        var sampler = new RolloutSampler(policy, base, tasks, reward, config);
        int perRollout = config.stepsPerRollout();
        int total = arguments.maxSteps() > 0
                ? arguments.maxSteps()
                : sampler.plan().totalSteps(arguments.numTrainEpochs(), -1) * perRollout;
        int last;
        try (Updater updater = new Updater(
                        policy.trainable(), arguments.optimizer(), arguments.schedule(total), arguments.maxGradNorm());
                Watch watching = watch;
                CompletionTable table = new CompletionTable(config, reward.names())) {
            TrainingOutput.Start start = output.start(updater);
            watching.begin(start, output, updater);
            table.open(output, start.step());
            int batch = start.trainer().path("next_batch").asInt(0);
            JsonNode remembered = start.trainer().path("rollout");
            last = start.step();
            while (last < total && !watching.stopped()) {
                StepClock clock = new StepClock();
                Rollout rollout = remembered.isObject()
                        ? sampler.withReference(RolloutJson.read(remembered, tasks, config))
                        : sampler.next(batch);
                int next = batch + rollout.stats().generationBatches();
                remembered = MissingNode.getInstance();
                for (int inner = last % perRollout;
                        inner < perRollout && last < total && !watching.stopped();
                        inner++) {
                    int step = ++last;
                    List<Integer> trained = rollout.live(firstOf(inner), config.stepSize());
                    Sums sums = step(rollout, trained, clock);
                    Updater.Result update = sums.tokens == 0
                            ? updater.skip(step) // nothing to learn from: not even momentum moves the weights
                            : updater.update(step, sums.loss);
                    SequencedMap<String, @Nullable Object> metrics = metrics(step, rollout, inner, sums, update, clock);
                    boolean save = arguments.saveSteps() > 0 && step % arguments.saveSteps() == 0;
                    updater.requireFinite(step, sums.loss); // before it is sampled from
                    table.write(step, step == total, rollout, trained, policy);
                    SequencedMap<String, Object> seen = new LinkedHashMap<>();
                    boolean looked = watching.look(step, save || step == total, seen);
                    metrics.putAll(seen);
                    if (looked || step % arguments.loggingSteps() == 0) {
                        output.log(metrics);
                    }
                    progress.update("step", step, total, rollout.stats().shown());
                    if (save) {
                        boolean midway = inner + 1 < perRollout;
                        output.checkpoint(
                                step, policy, updater, state(watching, midway ? batch : next, midway, rollout));
                    }
                    clock = new StepClock();
                }
                batch = next;
            }
        }
        output.finish(last, policy);
    }

    /// What a resumed run needs besides weights and moments.
    private static ObjectNode state(Watch watch, int batch, boolean midway, Rollout rollout) {
        ObjectNode state = watch.state();
        state.put("next_batch", batch);
        if (midway) {
            state.set("rollout", RolloutJson.write(rollout));
        }
        return state;
    }

    /// The first completion of the rollout's step number `inner`.
    private int firstOf(int inner) {
        return inner % (config.rolloutSize() / config.stepSize()) * config.stepSize();
    }

    /// What an optimiser step adds up over its micro-batches.
    private static final class Sums {
        private double loss;
        private double entropy;
        private double kl;
        private int clipped;
        private int ratios;
        private int tokens;
        private int rows;
        private double samplingDifference;
        private double largestSamplingDifference;
        private int sampledTokens;
    }

    /// Adds up the gradient of the completions `trained`.
    private Sums step(Rollout rollout, List<Integer> trained, StepClock clock) {
        int size = arguments.perDeviceTrainBatchSize();
        long tokens = 0;
        for (int i : trained) {
            tokens += masked(rollout, i) ? 0 : rollout.completions().get(i).ids().length;
        }
        int microBatches = Math.ceilDiv(trained.size(), size);
        var accumulation = new GrpoLoss.Accumulation(microBatches, trained.size(), tokens);
        Sums sums = new Sums();
        sums.rows = trained.size();
        for (int m = 0; m < microBatches; m++) {
            List<Integer> chosen = trained.subList(m * size, Math.min(trained.size(), (m + 1) * size));
            backward(rollout, chosen, accumulation, sums, clock);
        }
        return sums;
    }

    private boolean masked(Rollout rollout, int i) {
        return config.advantage().maskTruncatedCompletions()
                && !rollout.completions().get(i).stopped();
    }

    private void backward(
            Rollout rollout, List<Integer> chosen, GrpoLoss.Accumulation accumulation, Sums sums, StepClock clock) {
        TokenBatch batch = TokenBatch.of(rollout.sequences(chosen));
        clock.count(batch.length(), batch.sequences());
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass =
                    batch.forward(policy.model(), policy.manager(), arguments.gradientCheckpointing()); // [M, D]
            TokenLogProbs logProbs =
                    TokenLogProbs.of(policy.model().head(), config.rollout().temperature());
            TokenLogProbs.Scores now = logProbs.score(pass.hidden(), batch.targets(), true);
            GrpoLoss.Output found = loss.compute(rows(rollout, chosen, now.logProbs()), accumulation);
            sums.loss += found.loss();
            sums.kl += found.klSum();
            if (config.loss().exactKl()) {
                exactBackward(batch, pass, found, sums);
            } else {
                logProbs.backward(pass, batch.targets(), flatten(found.gradients()));
            }
            sums.clipped += found.clippedLow() + found.clippedHigh();
            sums.ratios += found.ratios();
            sums.tokens += found.tokens();
            watch(rollout, chosen, now, sums);
        }
    }

    /// The backward pass of the loss with `beta KL(policy || base)` added to each token's term, exact over the
    /// vocabulary.
    private void exactBackward(TokenBatch batch, ForwardPass pass, GrpoLoss.Output found, Sums sums) {
        PretrainedModel reference = Objects.requireNonNull(base, "a base");
        NDArray baseHidden; // [M, D]
        try (GradMode _ = GradMode.off()) {
            baseHidden = batch.hidden(reference.model(), reference.manager());
        }
        // Half of a KL in the reward is here, half in the advantages; those are compared with a mean that the
        // completion is part of itself, which leaves (G - 1) / G of their gradient.
        int group = config.rollout().numGenerations();
        double scale = config.loss().klInReward() ? (group - 1.0) / group : 1;
        float[] klWeights = new float[batch.predictions()];
        int at = 0;
        for (int k = 0; k < found.gradients().length; k++) {
            int length = found.gradients()[k].length;
            Arrays.fill(
                    klWeights, at, at + length, (float) (scale * config.loss().beta() * found.weights()[k]));
            at += length;
        }
        KlPenalty.Result exact = KlPenalty.of(
                        policy.model().head(),
                        reference.model().head(),
                        KlDirection.REVERSE,
                        config.rollout().temperature())
                .backward(pass, baseHidden, batch.targets(), flatten(found.gradients()), klWeights);
        for (int m = 0; m < klWeights.length; m++) {
            sums.loss += klWeights[m] * exact.divergences()[m];
            sums.kl += klWeights[m] == 0 ? 0 : exact.divergences()[m];
        }
    }

    private void watch(Rollout rollout, List<Integer> chosen, TokenLogProbs.Scores now, Sums sums) {
        int at = 0;
        for (int i : chosen) {
            float[] sampled = rollout.completions().get(i).logProbs();
            for (int t = 0; t < sampled.length; t++) {
                sums.entropy += masked(rollout, i) ? 0 : now.entropies()[at + t];
                double difference = Math.abs((double) now.logProbs()[at + t] - sampled[t]);
                sums.samplingDifference += difference;
                sums.largestSamplingDifference = Math.max(sums.largestSamplingDifference, difference);
            }
            sums.sampledTokens += sampled.length;
            at += sampled.length;
        }
    }

    private List<GrpoLoss.Row> rows(Rollout rollout, List<Integer> chosen, float[] now) {
        List<GrpoLoss.Row> rows = new ArrayList<>();
        int at = 0;
        for (int i : chosen) {
            int length = rollout.completions().get(i).ids().length;
            float[] logProbs = Arrays.copyOfRange(now, at, at + length);
            rows.add(new GrpoLoss.Row(
                    logProbs,
                    rollout.old() == null ? logProbs : rollout.old().get(i).logProbs(),
                    rollout.ref() == null ? null : rollout.ref().get(i).logProbs(),
                    rollout.advantages()[i],
                    masked(rollout, i)));
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
            int step, Rollout rollout, int inner, Sums sums, Updater.Result update, StepClock clock) {
        SequencedMap<String, @Nullable Object> metrics = new LinkedHashMap<>();
        metrics.put("step", step);
        metrics.put("loss", sums.loss);
        metrics.put("learning_rate", update.learningRate());
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("tokens", clock.tokens());
        metrics.put("trained_tokens", sums.tokens);
        metrics.put("tokens_per_second", clock.tokensPerSecond());
        rollout.stats().addTo(metrics, reward.names());
        metrics.put("entropy", sums.entropy / Math.max(1, sums.tokens));
        metrics.put("clip_fraction", (double) sums.clipped / Math.max(1, sums.ratios));
        metrics.put(
                "kl",
                config.loss().klInLoss() || config.loss().exactKl()
                        ? (Double) (sums.kl / Math.max(1, sums.tokens))
                        : rollout.stats().kl());
        boolean unmoved = inner == 0 && sums.sampledTokens > 0;
        metrics.put("sampling_logp_difference_max", unmoved ? (Double) sums.largestSamplingDifference : null);
        metrics.put(
                "sampling_logp_difference_mean",
                unmoved ? (Double) (sums.samplingDifference / sums.sampledTokens) : null);
        if (config.rollout().dynamicSampling() != RolloutArguments.DynamicSampling.NONE) {
            metrics.put("live_completions", sums.rows);
        }
        if (config.rollout().truncated()) {
            metrics.put("off_policy_sampling", true);
        }
        return metrics;
    }
}
