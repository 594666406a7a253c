package dev.razor.sft;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import java.util.List;

/// One supervised fine-tuning run from its configuration: opens what it needs, trains, closes. Nothing is written
/// before model and data have been read and found good.
public final class SftRun {

    private SftRun() {}

    /// Trains and publishes.
    ///
    /// @param resume go on from the newest checkpoint in the output directory, if there is one
    public static void start(SftConfig config, boolean resume, Progress progress) {
        var options =
                new LoadOptions(config.training().device(), config.training().dtype(), true);
        try (PretrainedModel model = PretrainedModel.load(config.model(), options)) {
            int longest = Math.min(config.maxLength(), model.model().contextLength());
            List<TokenSequence> examples = SftExamples.read(
                    config.data().getFirst(), model.tokenizer(), model.model().vocabularySize(), longest);
            RunIdentity identity = RunIdentity.of(config, config.model(), config.data());
            try (TrainingOutput output = TrainingOutput.open(config.output(), identity, resume)) {
                if (output.finished()) {
                    return;
                }
                new SftTrainer(model, examples, config.training()).train(output, progress);
            }
        }
    }
}
