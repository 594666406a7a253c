package dev.razor.grpo;

import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.random.Draws;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.reward.RewardScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Draws rollouts from the policy as it is: completions, rewards, penalties, advantages, and what other
/// policies say of the same tokens.
///
/// Prompts come in batches, each a stretch of a seeded permutation of all of them; the last batch of an epoch is
/// filled up with the first prompts of the next one. A batch's number names its prompts and its completions.
final class RolloutSampler {

    /// Names the draws of rollouts among all others.
    private static final long ROLLOUT = 0x524f_4c4cL;

    private final PretrainedModel policy;
    private final @Nullable PretrainedModel base;
    private final List<Rollout.Task> tasks;
    private final RewardFunctions reward;
    private final GrpoConfig config;
    private final StepPlan plan;

    RolloutSampler(
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
        this.plan = new StepPlan(
                tasks.size(), config.promptsPerRollout(), 1, config.training().seed());
    }

    /// Batches of prompts an epoch has.
    StepPlan plan() {
        return plan;
    }

    /// Groups of completions with their scores, one group a task.
    private record Drawn(List<Rollout.Task> tasks, List<Completion> completions, List<RewardScore> scores) {

        Drawn() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        int groupSize() {
            return completions.size() / tasks.size();
        }

        /// Adds group `g` of another draw.
        void addGroup(Drawn other, int g) {
            int size = other.groupSize();
            tasks.add(other.tasks.get(g));
            completions.addAll(other.completions.subList(g * size, (g + 1) * size));
            scores.addAll(other.scores.subList(g * size, (g + 1) * size));
        }

        boolean teaches(int g) {
            int size = groupSize();
            double first = scores.get(g * size).value();
            return scores.subList(g * size, (g + 1) * size).stream().anyMatch(score -> score.value() != first);
        }
    }

    /// The rollout that begins with batch number `batch`.
    Rollout next(int batch) {
        RolloutArguments keys = config.rollout();
        int wanted = config.promptsPerRollout();
        Drawn teaching = new Drawn();
        Drawn equal = new Drawn();
        Drawn all = new Drawn();
        int batches = 0;
        int most = keys.dynamicSampling() == RolloutArguments.DynamicSampling.REFILL ? keys.maxGenerationBatches() : 1;
        while (batches < most && teaching.tasks.size() < wanted) {
            Drawn drawn = draw(batch + batches++);
            for (int g = 0; g < drawn.tasks.size(); g++) {
                all.addGroup(drawn, g);
                (drawn.teaches(g) ? teaching : equal).addGroup(drawn, g);
            }
        }
        RolloutStats stats = RolloutStats.of(all.completions, all.scores, keys.numGenerations(), batches);
        return most == 1 ? rollout(all, stats) : rollout(chosen(teaching, equal, wanted), stats);
    }

    /// `wanted` groups, those that teach first.
    private static Drawn chosen(Drawn teaching, Drawn equal, int wanted) {
        Drawn chosen = new Drawn();
        for (int g = 0; g < teaching.tasks.size() && chosen.tasks.size() < wanted; g++) {
            chosen.addGroup(teaching, g);
        }
        for (int g = 0; g < equal.tasks.size() && chosen.tasks.size() < wanted; g++) {
            chosen.addGroup(equal, g);
        }
        return chosen;
    }

    private Drawn draw(int batch) {
        RolloutArguments keys = config.rollout();
        int group = keys.numGenerations();
        List<Rollout.Task> chosen = prompts(batch);
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < chosen.size() * group; i++) {
            prompts.add(new Prompt(
                    chosen.get(i / group).promptIds(),
                    Draws.mix(config.training().seed(), ROLLOUT, batch, i)));
        }
        var options = new SamplingOptions(
                keys.maxCompletionLength(),
                keys.temperature(),
                keys.topP(),
                keys.topK(),
                policy.tokenizer().stopTokenIds());
        List<Completion> completions =
                new Generator(policy.model(), policy.manager(), config.rolloutBatchSize()).complete(prompts, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            String text = PromptIds.text(completions.get(i).ids(), policy.tokenizer());
            answers.add(new Answer(chosen.get(i / group).record(), text));
        }
        return new Drawn(chosen, completions, reward.score(answers));
    }

    private List<Rollout.Task> prompts(int batch) {
        List<Rollout.Task> chosen = new ArrayList<>();
        for (int next = batch; chosen.size() < config.promptsPerRollout(); next++) {
            for (int index : plan.microBatches(next).getFirst()) {
                if (chosen.size() < config.promptsPerRollout()) {
                    chosen.add(tasks.get(index));
                }
            }
        }
        return chosen;
    }

    private Rollout rollout(Drawn drawn, RolloutStats stats) {
        int group = config.rollout().numGenerations();
        int count = drawn.completions.size();
        boolean[] live = new boolean[count];
        for (int i = 0; i < count; i++) {
            live[i] = config.rollout().dynamicSampling() == RolloutArguments.DynamicSampling.NONE
                    || drawn.teaches(i / group);
        }
        List<TokenSequence> sequences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sequences.add(TokenSequence.of(
                    drawn.tasks.get(i / group).promptIds(),
                    drawn.completions.get(i).ids()));
        }
        boolean klInReward = config.loss().klInReward();
        boolean needsOld =
                config.stepsPerRollout() > 1 || (klInReward && config.loss().klEstimator() != KlEstimator.EXACT);
        List<TokenLogProbs.Scores> old = needsOld ? score(policy, sequences) : null;
        double[] penalties = new double[count];
        RolloutStats found = stats;
        if (klInReward) {
            double[] kl = completionKl(sequences, old);
            for (int i = 0; i < count; i++) {
                penalties[i] = config.loss().beta() * kl[i];
            }
            long tokens =
                    sequences.stream().mapToLong(TokenSequence::predictions).sum();
            found = stats.withKl(Arrays.stream(kl).sum() / tokens);
        }
        for (int i = 0; i < count; i++) {
            penalties[i] += config.advantage()
                    .penalty(
                            drawn.completions.get(i).ids().length,
                            config.rollout().maxCompletionLength());
        }
        double[] advantages = Advantages.of(drawn.scores, penalties, live, config);
        Rollout rollout = new Rollout(
                drawn.tasks,
                drawn.completions,
                drawn.scores,
                penalties,
                advantages,
                live,
                config.stepsPerRollout() > 1 ? old : null,
                null,
                found);
        return withReference(rollout);
    }

    /// The rollout with the base's log-probabilities, where the loss needs them.
    Rollout withReference(Rollout rollout) {
        boolean needed = config.loss().klInLoss() && config.loss().klEstimator() != KlEstimator.EXACT;
        return needed
                ? rollout.withReference(score(Objects.requireNonNull(base, "a base"), rollout.sequences()))
                : rollout;
    }

    private List<TokenLogProbs.Scores> score(PretrainedModel model, List<TokenSequence> sequences) {
        return new SequenceScorer(
                        model.model(),
                        model.manager(),
                        config.rollout().temperature(),
                        config.training().perDeviceTrainBatchSize())
                .score(sequences, false);
    }

    /// The KL(policy || base) along each completion, in nats, by the configured estimator.
    private double[] completionKl(List<TokenSequence> sequences, @Nullable List<TokenLogProbs.Scores> old) {
        PretrainedModel reference = Objects.requireNonNull(base, "a base");
        if (old == null) {
            return SequenceKl.reverse(
                    policy,
                    reference,
                    sequences,
                    config.rollout().temperature(),
                    config.training().perDeviceTrainBatchSize());
        }
        List<TokenLogProbs.Scores> ref = score(reference, sequences);
        double[] sums = new double[sequences.size()];
        for (int i = 0; i < sums.length; i++) {
            float[] now = old.get(i).logProbs();
            for (int t = 0; t < now.length; t++) {
                sums[i] += config.loss()
                        .klEstimator()
                        .value((double) now[t] - ref.get(i).logProbs()[t]);
            }
        }
        return sums;
    }
}
