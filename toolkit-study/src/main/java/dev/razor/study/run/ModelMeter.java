package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.eval.Aggregate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Scores a model on the new task and on the prior skills.
///
/// Opening it reads all data that measuring needs and starts what judges answers, so that a study that cannot be
/// measured ends before anything is computed.
final class ModelMeter implements AutoCloseable {

    private static final String NEW_ACCURACY = "new_accuracy";

    private final StudyConfig study;
    private final RewardFunctions reward;
    private final List<JsonRecord> testRecords;
    private final List<PriorSkill> priors;

    /// @throws dev.razor.core.base.UserException naming what is missing or cannot be used
    ModelMeter(StudyConfig study, StudyPlaces places) {
        this.study = study;
        Path data = places.data();
        this.testRecords = records(data.resolve(study.task().test()));
        records(data.resolve(study.task().klPrompts()));
        new DriftMeters(study, data).requireData();
        this.priors = PriorSkill.open(study, places.benchmarks());
        this.reward = RewardFunctions.open(study.task().rewards());
        try {
            testRecords.forEach(reward::require);
        } catch (DataException e) {
            reward.close();
            throw e;
        }
    }

    private static List<JsonRecord> records(Path file) {
        List<JsonRecord> records = DataFiles.read(file);
        if (records.isEmpty()) {
            throw new DataException("%s: holds no records; give at least one".formatted(file));
        }
        return records;
    }

    /// Everything that is measured of `model` by itself, beside the `meters` that compare it with the base.
    Measurement measure(PretrainedModel model, Map<String, Double> meters, Progress progress) {
        priors.forEach(prior -> prior.require(model));
        Aggregate accuracy = newAccuracy(model, progress);
        Map<String, Double> scores = new LinkedHashMap<>();
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put(NEW_ACCURACY, accuracy.standardError().orElse(Double.NaN));
        for (PriorSkill prior : priors) {
            Aggregate score = prior.score(model, progress);
            scores.put(prior.task(), score.mean());
            errors.put(prior.task(), score.standardError().orElse(Double.NaN));
        }
        return new Measurement(accuracy.mean(), meters, scores, errors);
    }

    /// The share of the test prompts that the model, decoding greedily, answers rightly (a reward of at least 1).
    Aggregate newAccuracy(PretrainedModel model, Progress progress) {
        List<Prompt> prompts = new ArrayList<>();
        for (JsonRecord record : testRecords) {
            prompts.add(new Prompt(PromptIds.of(record, model), 0));
        }
        progress.update(NEW_ACCURACY, 0, prompts.size(), "");
        var options = SamplingOptions.greedy(
                study.task().maxCompletionLength(), model.tokenizer().stopTokenIds());
        List<Completion> completions =
                new Generator(model.model(), model.manager(), study.evalBatchSize()).complete(prompts, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            String text = PromptIds.text(completions.get(i).ids(), model.tokenizer());
            answers.add(new Answer(testRecords.get(i), text));
        }
        progress.update(NEW_ACCURACY, prompts.size(), prompts.size(), "");
        return Aggregate.of(
                NEW_ACCURACY,
                reward.score(answers).stream()
                        .map(score -> score.right() ? 1.0 : 0.0)
                        .toList());
    }

    @Override
    public void close() {
        reward.close();
    }
}
