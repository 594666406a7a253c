package dev.razor.sft;

import ai.djl.engine.EngineException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.FilePattern;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.ValidationLoss;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.TensorException;
import dev.razor.core.train.OutOfMemory;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingArguments;
import dev.razor.core.train.TrainingOutput;
import dev.razor.core.train.Watch;
import dev.razor.core.train.WatchInputs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One supervised fine-tuning run from its configuration: opens what it needs, trains, closes. Nothing is written
/// before models and data have been read and found good.
public final class SftRun {

    private final SftConfig config;
    private final TrainingArguments arguments;
    private final PretrainedModel model;
    private final @Nullable PretrainedModel base;
    private final List<Path> files = new ArrayList<>();
    private final LengthLimit limit;

    private SftRun(SftConfig config, PretrainedModel model, @Nullable PretrainedModel base) {
        this.config = config;
        this.arguments = config.training();
        this.model = model;
        this.base = base;
        this.limit = LengthLimit.of(config, model.model().contextLength());
    }

    /// Trains and publishes.
    ///
    /// @param resume go on from the newest checkpoint in the output directory, if there is one
    public static void start(SftConfig config, boolean resume, Progress progress) {
        SftPlan.requireFits(config, 1); // what no data can change, before anything is loaded
        TrainingArguments arguments = config.training();
        var options = new LoadOptions(
                arguments.device(), arguments.dtype(), true, config.lora().adapter(arguments.seed()));
        try (PretrainedModel model = PretrainedModel.load(config.model(), options);
                @Nullable PretrainedModel base = needsBase(config) ? model.reference() : null;
                @Nullable PretrainedModel teacher = Teacher.openOther(config, model);
                @Nullable RewardFunctions reward = config.labels().openReward()) {
            new SftRun(config, model, base).train(teacher, reward, resume, progress);
        } catch (EngineException | TensorException e) {
            throw OutOfMemory.explain(e, arguments, config.maxLength());
        }
    }

    /// The base is held in memory where something is compared with it or written by it.
    static boolean needsBase(SftConfig config) {
        return config.beta() > 0
                || Teacher.isBase(config.labels())
                || config.klBudget().klPrompts() != null;
    }

    private void train(
            @Nullable PretrainedModel otherTeacher,
            @Nullable RewardFunctions reward,
            boolean resume,
            Progress progress) {
        Epochs epochs;
        StepPlan plan;
        if (config.labels().teacher() == null) {
            SftData data = read("data", config.data());
            SftPlan.requireFits(
                    config,
                    data.sequences().stream()
                            .mapToInt(TokenSequence::length)
                            .max()
                            .orElseThrow());
            epochs = Epochs.fixed(data.sequences());
            plan = data.plan(config);
        } else {
            PretrainedModel teacher = Teacher.of(config.labels(), model, base, otherTeacher);
            SampledLabels labels = SampledLabels.of(config, promptRecords(), model, teacher, reward);
            epochs = Epochs.sampled(labels);
            plan = arguments.plan(labels.prompts());
        }
        int batchSize = arguments.perDeviceTrainBatchSize();
        Path evalData = config.evalData();
        ValidationLoss validation = evalData == null
                ? null
                : new ValidationLoss(read("eval_data", List.of(evalData)).sequences(), batchSize);
        WatchInputs watched = WatchInputs.read(model, base, config.klBudget(), config.samples(), arguments, files::add);
        RunIdentity identity = RunIdentity.of("sft", config, config.model(), files);
        try (TrainingOutput output = TrainingOutput.open(config.output(), identity, arguments, resume)) {
            if (output.finished()) {
                return;
            }
            Watch watch = watched.watch(config.evalSteps(), validation, config.earlyStoppingPatience(), progress);
            SftTrainer.Penalty penalty =
                    config.beta() > 0 ? new SftTrainer.Penalty(Objects.requireNonNull(base), config) : null;
            new SftTrainer(model, epochs, plan, arguments, config.packing(), penalty, watch).train(output, progress);
        }
    }

    private SftData read(String key, List<Path> entries) {
        SftData data = SftData.read(
                key, entries, limit, model.tokenizer(), model.model().vocabularySize());
        files.addAll(data.files());
        return data;
    }

    private List<JsonRecord> promptRecords() {
        List<JsonRecord> records = new ArrayList<>();
        for (Path entry : config.data()) {
            for (Path file : FilePattern.files("data", entry)) {
                files.add(file);
                records.addAll(DataFiles.read(file));
            }
        }
        return records;
    }
}
