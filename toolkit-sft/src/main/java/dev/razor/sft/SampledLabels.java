package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The labels that a run has sampled for itself, epoch by epoch, as `labels/epoch-E.jsonl` of its directory.
///
/// What an epoch trained on stays on disk, for people to read and for a resumed run: a model that has gone on
/// learning could not write the same labels again.
final class SampledLabels {

    private static final Logger LOG = LoggerFactory.getLogger(SampledLabels.class);

    private final LabelSampler sampler;
    private final List<LabelPrompt> prompts;
    private final Path directory;

    /// @param directory of the run
    SampledLabels(LabelSampler sampler, List<LabelPrompt> prompts, Path directory) {
        this.sampler = sampler;
        this.prompts = List.copyOf(prompts);
        this.directory = directory;
    }

    /// The labels of a run, none of which is sampled yet.
    ///
    /// @param records the prompts, and what the reward reads
    /// @param teacher see [Teacher#of]
    /// @param reward what is right; null takes any
    /// @throws DataException naming file, line and field of each record that cannot be used
    static SampledLabels of(
            SftConfig config,
            List<JsonRecord> records,
            PretrainedModel student,
            PretrainedModel teacher,
            @Nullable RewardFunctions reward) {
        Labels keys = config.labels();
        TrainingArguments arguments = config.training();
        int maxLength = Math.min(config.maxLength(), student.model().contextLength());
        // Samples of an optimiser step are drawn together; which ones does not change what is drawn.
        int batchSize = arguments.perDeviceTrainBatchSize() * arguments.gradientAccumulationSteps();
        return new SampledLabels(
                new LabelSampler(
                        teacher,
                        reward,
                        keys,
                        student.model().vocabularySize(),
                        maxLength,
                        arguments.seed(),
                        batchSize),
                LabelPrompt.of(records, student, reward, maxLength),
                config.output());
    }

    /// Where the labels of an epoch lie in a run's directory.
    static Path file(Path directory, int epoch) {
        return directory.resolve("labels").resolve("epoch-%d.jsonl".formatted(epoch));
    }

    /// How many prompts there are; an epoch has at most as many labels.
    int prompts() {
        return prompts.size();
    }

    /// The labels of an epoch, in the order of the prompts: those in its file where there is one, else sampled
    /// from the teacher as it is now, and published. A prompt without an accepted sample is left out.
    ///
    /// @param epoch from 0
    /// @throws DataException if no prompt got a label, or the file is not of these prompts
    List<Label> epoch(int epoch, Progress progress) {
        Path file = file(directory, epoch);
        if (Files.exists(file)) {
            return LabelFile.read(file, prompts, sampler.vocabularySize());
        }
        LabelSampler.Drawn drawn = sampler.draw(prompts, epoch, progress);
        if (drawn.labels().isEmpty()) {
            throw new DataException(
                    "labels: none of %d prompts got one in epoch %d: of %d samples (max_samples = %d a prompt) %d did not end within max_completion_length = %d and max_length = %d%s; raise max_samples or max_completion_length, or take a better teacher"
                            .formatted(
                                    prompts.size(),
                                    epoch,
                                    drawn.samples(),
                                    sampler.keys().maxSamples(),
                                    drawn.truncated(),
                                    sampler.keys().maxCompletionLength(),
                                    sampler.maxLength(),
                                    sampler.reward() == null
                                            ? ""
                                            : " and the others did not satisfy "
                                                    + String.join(
                                                            " + ",
                                                            sampler.reward().names())));
        }
        LabelFile.write(file, drawn.labels());
        LOG.info(
                "epoch {}: labels for {} of {} prompts, {} samples a label",
                epoch,
                drawn.labels().size(),
                prompts.size(),
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        (double) drawn.samples() / drawn.labels().size()));
        return drawn.labels();
    }
}
