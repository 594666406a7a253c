package dev.razor.study.run;

import dev.razor.core.data.EpochOrder;
import dev.razor.core.data.StepPlan;
import dev.razor.core.train.TrainingArguments;
import dev.razor.grpo.GrpoConfig;
import dev.razor.sft.SftConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How much a training run does, from its settings and the sizes of its data.
///
/// @param steps optimiser steps; early stops are not foreseen
/// @param sequences trained on
/// @param length tokens of such a sequence, about
/// @param completions that a model writes for the training, at least
/// @param completionLength tokens that a completion may have
/// @param longestPrompt tokens of the longest prompt of a rollout, about; 0 where there is none
record RunSize(
        long steps, double sequences, double length, double completions, int completionLength, int longestPrompt) {

    /// The size of `run`; empty where its data are not there.
    static Optional<RunSize> of(PlannedRun run, RecordCounts counts) {
        return switch (run.trainer()) {
            case PlannedRun.Trainer.Sft(var config) -> sft(config, counts);
            case PlannedRun.Trainer.Grpo(var config) -> grpo(config, counts);
            case PlannedRun.Trainer.SimPo(var config) ->
                data(config.data(), null, counts)
                        .map(size -> fixed(config.training(), size, config.maxLength())
                                .pairs());
        };
    }

    private static Optional<RunSize> sft(SftConfig config, RecordCounts counts) {
        Optional<RunSize> size = data(config.data(), config.dataWeights(), counts)
                .map(data -> fixed(config.training(), data, config.maxLength()));
        return config.labels().teacher() == null
                ? size
                : size.map(s -> new RunSize(
                        s.steps,
                        s.sequences,
                        s.length,
                        s.sequences,
                        config.labels().maxCompletionLength(),
                        0));
    }

    private static Optional<RunSize> grpo(GrpoConfig config, RecordCounts counts) {
        int most = config.rollout().maxCompletionLength();
        return counts.of(config.data()).map(data -> {
            TrainingArguments arguments = config.training();
            int perRollout = config.stepsPerRollout();
            long steps = arguments.maxSteps() > 0
                    ? arguments.maxSteps()
                    : (long) plan(data.records(), config.promptsPerRollout(), 1)
                                    .totalSteps(arguments.numTrainEpochs(), -1)
                            * perRollout;
            double completions = (double) Math.ceilDiv(steps, perRollout) * config.rolloutSize();
            double trained = (double) steps * config.stepSize();
            return new RunSize(steps, trained, data.tokensEach() + most, completions, most, data.longest());
        });
    }

    private static RunSize fixed(TrainingArguments arguments, RecordCounts.Size data, int maxLength) {
        int batch = arguments.perDeviceTrainBatchSize();
        int accumulation = arguments.gradientAccumulationSteps();
        long steps =
                plan(data.records(), batch, accumulation).totalSteps(arguments.numTrainEpochs(), arguments.maxSteps());
        double stepSize = Math.min((double) batch * accumulation, (double) data.records());
        return new RunSize(steps, (double) steps * stepSize, Math.min(maxLength, data.tokensEach()), 0, 0, 0);
    }

    private static StepPlan plan(long records, int batch, int accumulation) {
        return new StepPlan(EpochOrder.shuffled(Math.toIntExact(Math.max(1, records)), 0), batch, accumulation);
    }

    /// A pair is two sequences; what is known of its length is that of both together.
    private RunSize pairs() {
        return new RunSize(steps, sequences * 2, length / 2, completions, completionLength, 0);
    }

    private static Optional<RecordCounts.Size> data(
            List<Path> entries, @Nullable List<Double> weights, RecordCounts counts) {
        RecordCounts.Size all = RecordCounts.Size.NONE;
        for (int i = 0; i < entries.size(); i++) {
            Optional<RecordCounts.Size> size = counts.of(entries.get(i));
            if (size.isEmpty()) {
                return Optional.empty();
            }
            double weight = weights == null ? 1 : weights.get(i);
            all = all.plus(new RecordCounts.Size(
                    Math.round(weight * size.get().records()),
                    Math.round(weight * size.get().tokens()),
                    size.get().longest()));
        }
        return Optional.of(all);
    }

    /// Tokens trained on, about.
    double tokens() {
        return sequences * length;
    }

    /// As the plan shows it.
    String text() {
        return completions > 0
                ? String.format(Locale.ROOT, "%,.0f completions", completions)
                : String.format(Locale.ROOT, "~%,.0f tokens", tokens());
    }

    /// Checkpoints that the run leaves beside its last model.
    ///
    /// @param arguments the run's
    long checkpoints(TrainingArguments arguments) {
        long made = arguments.saveSteps() == 0 ? 0 : steps / arguments.saveSteps();
        Integer most = arguments.saveTotalLimit();
        return most == null ? made : Math.min(most, made);
    }
}
