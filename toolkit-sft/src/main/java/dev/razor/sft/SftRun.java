package dev.razor.sft;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.train.TrainingOutput;

/// One supervised fine-tuning run from its configuration: opens what it needs, trains, closes. Nothing is written
/// before model and data have been read and found good.
public final class SftRun {

    private SftRun() {}

    public static void start(SftConfig config, Progress progress) {
        var options =
                new LoadOptions(config.training().device(), config.training().dtype(), true);
        try (PretrainedModel model = PretrainedModel.load(config.model(), options)) {
            SftData data = SftData.read(
                    config,
                    model.tokenizer(),
                    model.model().vocabularySize(),
                    model.model().contextLength());
            try (TrainingOutput output = TrainingOutput.create(config.output(), config)) {
                new SftTrainer(model, data.sequences(), data.plan(config), config.training()).train(output, progress);
            }
        }
    }
}
