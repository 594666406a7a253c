package dev.razor.core.train;

import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlMeter;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.loss.ValidationLoss;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The prompts on which a run is watched, read before it starts, so that a bad file stops it before anything is
/// written; the base's completions of them are drawn later, by [#watch].
public final class WatchInputs {

    private final PretrainedModel model;
    private final @Nullable PretrainedModel base;
    private final KlBudget budget;
    private final @Nullable SamplingPlan klPlan;
    private final @Nullable SampleWriter samples;

    private WatchInputs(
            PretrainedModel model,
            @Nullable PretrainedModel base,
            KlBudget budget,
            @Nullable SamplingPlan klPlan,
            @Nullable SampleWriter samples) {
        this.model = model;
        this.base = base;
        this.budget = budget;
        this.klPlan = klPlan;
        this.samples = samples;
    }

    /// Reads the files that the keys name, if they name any.
    ///
    /// @param model the one that is trained
    /// @param base the frozen one that it starts from; needed where there are `kl_prompts`
    /// @param files is told each file
    /// @throws dev.razor.core.base.DataException naming file, line and field of a prompt that cannot be used
    public static WatchInputs read(
            PretrainedModel model,
            @Nullable PretrainedModel base,
            KlBudget budget,
            SampleTable table,
            TrainingArguments arguments,
            Consumer<Path> files) {
        int batchSize = arguments.perDeviceTrainBatchSize();
        SamplingPlan klPlan = told(budget.klPrompts(), files)
                ? budget.plan(Objects.requireNonNull(base), arguments.seed(), batchSize)
                : null;
        SampleWriter samples = told(table.samplePrompts(), files) ? SampleWriter.of(table, model, batchSize) : null;
        return new WatchInputs(model, base, budget, klPlan, samples);
    }

    private static boolean told(@Nullable Path file, Consumer<Path> files) {
        if (file != null) {
            files.accept(file);
        }
        return file != null;
    }

    /// The watch of a run that is about to start; draws the base's completions.
    ///
    /// @param everySteps steps between two looks; null looks before checkpoints and at the end only
    /// @param validation the held-out records, if any
    /// @param patience looks without a better loss that end the training; null never
    public Watch watch(
            @Nullable Integer everySteps,
            @Nullable ValidationLoss validation,
            @Nullable Integer patience,
            Progress progress) {
        return new Watch(
                model,
                Objects.requireNonNullElse(everySteps, 0),
                validation,
                patience,
                klPlan == null ? null : drift(klPlan, progress),
                samples);
    }

    private Watch.Drift drift(SamplingPlan plan, Progress progress) {
        PretrainedModel from = Objects.requireNonNull(base);
        return new Watch.Drift(new KlMeter(BaseSamples.draw(from, plan, progress)), from.model(), budget);
    }
}
