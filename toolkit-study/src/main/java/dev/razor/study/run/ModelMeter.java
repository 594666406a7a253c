package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardArguments;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.reward.RewardScore;
import dev.razor.core.run.Progress;
import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.scoring.ModelLogLikelihoods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Scores a model on the new task and on the prior skills.
final class ModelMeter implements AutoCloseable {

    private final StudyConfig study;
    private final Path data;
    private final RewardFunctions reward;
    private final List<JsonRecord> testRecords;
    private final Map<String, MultipleChoiceBenchmark> benchmarks = new LinkedHashMap<>();

    ModelMeter(StudyConfig study, Path data) {
        this.study = study;
        this.data = data;
        this.reward = RewardFunctions.open(RewardArguments.of(study.task().reward()));
        this.testRecords = DataFiles.read(data.resolve(study.task().test()));
        testRecords.forEach(reward::require);
        Path folder = data.resolve(study.benchmarks().folder());
        for (String task : study.benchmarks().tasks()) {
            this.benchmarks.put(task, Benchmarks.named(task, folder));
        }
    }

    /// The share of the test prompts that the model, decoding greedily, answers rightly (a reward of at least 1).
    double newAccuracy(PretrainedModel model) {
        List<Prompt> prompts = new ArrayList<>();
        for (JsonRecord record : testRecords) {
            prompts.add(new Prompt(PromptIds.of(record, model), 0));
        }
        var options = SamplingOptions.greedy(
                study.task().maxCompletionLength(), model.tokenizer().stopTokenIds());
        List<Completion> completions =
                new Generator(model.model(), model.manager(), study.evalBatchSize()).complete(prompts, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            String text = PromptIds.text(completions.get(i).ids(), model.tokenizer());
            answers.add(new Answer(testRecords.get(i), text));
        }
        long right = reward.score(answers).stream().filter(RewardScore::right).count();
        return (double) right / completions.size();
    }

    @Override
    public void close() {
        reward.close();
    }

    /// The study's metric of each prior benchmark.
    Map<String, Aggregate> priorScores(PretrainedModel model) {
        StudyConfig.Priors priors = study.benchmarks();
        Path folder = data.resolve(priors.folder());
        var pairs = new EncodePair(
                model.tokenizer()::encode,
                EncodePair.prefixToken(
                        model.tokenizer().bosTokenId(), model.tokenizer().eosTokenId()),
                model.model().contextLength());
        var evaluator = new Evaluator(pairs, new ModelLogLikelihoods(model, study.evalBatchSize(), Progress.silent()));
        var options = new Evaluator.Options(
                priors.limit() == 0 ? OptionalInt.empty() : OptionalInt.of(priors.limit()),
                priors.numFewshot(),
                new PromptStyle.Plain());
        Map<String, Aggregate> scores = new LinkedHashMap<>();
        benchmarks.forEach((task, benchmark) ->
                scores.put(task, headline(evaluator.run(benchmark, folder, options), task, priors.metric())));
        return scores;
    }

    /// The aggregate of the group or task that has the benchmark's own name.
    private static Aggregate headline(BenchmarkResult result, String benchmark, String metric) {
        Stream<Aggregate> groups = result.groups().stream()
                .filter(group -> group.name().equals(benchmark))
                .flatMap(group -> group.aggregates().stream());
        Stream<Aggregate> tasks = result.tasks().stream()
                .filter(task -> task.name().equals(benchmark))
                .flatMap(task -> task.aggregates().stream());
        return Stream.concat(groups, tasks)
                .filter(aggregate -> aggregate.metric().equals(metric))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException("benchmarks.metric: %s has no metric %s".formatted(benchmark, metric)));
    }
}
