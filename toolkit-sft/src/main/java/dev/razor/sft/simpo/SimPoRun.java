package dev.razor.sft.simpo;

import ai.djl.engine.EngineException;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
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
import org.jspecify.annotations.Nullable;

/// One SimPO run from its configuration: opens what it needs, trains, closes. Nothing is written before model and
/// data have been read and found good.
public final class SimPoRun {

    private SimPoRun() {}

    /// Trains and publishes.
    ///
    /// @param resume go on from the newest checkpoint in the output directory, if there is one
    public static void start(SimPoConfig config, boolean resume, Progress progress) {
        SimPoPlan.requireFits(config, 1); // what no data can change, before anything is loaded
        TrainingArguments arguments = config.training();
        var options = new LoadOptions(
                arguments.device(), arguments.dtype(), true, config.lora().adapter(arguments.seed()));
        boolean watchesDrift = config.klBudget().klPrompts() != null;
        try (PretrainedModel model = PretrainedModel.load(config.model(), options);
                @Nullable PretrainedModel base = watchesDrift ? model.reference() : null) {
            train(config, model, base, resume, progress);
        } catch (EngineException | TensorException e) {
            throw OutOfMemory.explain(e, arguments, config.maxLength());
        }
    }

    private static void train(
            SimPoConfig config,
            PretrainedModel model,
            @Nullable PretrainedModel base,
            boolean resume,
            Progress progress) {
        TrainingArguments arguments = config.training();
        SimPoData data = SimPoData.read(
                config,
                model.tokenizer(),
                model.model().vocabularySize(),
                model.model().contextLength());
        SimPoPlan.requireFits(
                config, data.pairs().stream().mapToInt(Pair::length).max().orElseThrow());
        List<Path> files = new ArrayList<>(data.files());
        WatchInputs watched = WatchInputs.read(model, base, config.klBudget(), config.samples(), arguments, files::add);
        RunIdentity identity = RunIdentity.of("simpo", config, config.model(), files);
        try (TrainingOutput output = TrainingOutput.open(config.output(), identity, arguments, resume)) {
            if (output.finished()) {
                return;
            }
            Watch watch = watched.watch(config.evalSteps(), null, null, progress);
            new SimPoTrainer(model, data.pairs(), data.plan(arguments), arguments, config.loss(), watch)
                    .train(output, progress);
        }
    }
}
