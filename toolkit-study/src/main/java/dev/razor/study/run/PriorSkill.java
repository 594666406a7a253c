package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.sandbox.Limits;
import dev.razor.core.sandbox.PythonTests;
import dev.razor.core.sandbox.Sandbox;
import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.benchmarks.GenerativeBenchmarks;
import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.code.CodeEvaluation;
import dev.razor.eval.code.Completions;
import dev.razor.eval.generative.ChatPrompts;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeEvaluator;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.GenerativeSample;
import dev.razor.eval.generative.ModelAnswers;
import dev.razor.eval.scoring.ModelLogLikelihoods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One prior benchmark of a study, however it is answered: by the likelier choice, in the model's own words, or
/// by programs that are run.
///
/// @param task its name
/// @param metric the one of its metrics that counts
/// @param tests judge programs; null where the benchmark asks for none
record PriorSkill(
        String task,
        String metric,
        StudyConfig study,
        Path folder,
        @Nullable PythonTests tests) {

    /// Prompts of like length are given to the model within so many batches.
    private static final int CHUNK_BATCHES = 4;

    /// The metric of programs.
    private static final String PASS = "pass@1";

    /// Opens the study's benchmarks and reads their files, so that what is missing shows before a model is
    /// loaded.
    ///
    /// @param folder where their files lie
    /// @throws dev.razor.core.base.DataException if a file is missing or a record cannot be used
    /// @throws ConfigException if there is no such benchmark or metric, or programs have to be run and nothing
    /// here confines them
    static List<PriorSkill> open(StudyConfig study, Path folder) {
        return study.benchmarks().tasks().stream()
                .map(task -> open(task, study, folder))
                .toList();
    }

    /// Opens one of them.
    static PriorSkill open(String task, StudyConfig study, Path folder) {
        int shots = Objects.requireNonNullElse(study.benchmarks().numFewshot(), -1);
        GenerativeBenchmark answered = GenerativeBenchmarks.named(task).orElse(null);
        boolean runs = HumanEval.named(task).isPresent();
        List<String> metrics;
        if (answered == null) {
            MultipleChoiceBenchmark benchmark = Benchmarks.named(task, folder);
            benchmark.load(folder, Math.max(0, shots));
            metrics = benchmark.metrics().stream().map(Metric::key).toList();
        } else {
            try {
                answered.load(folder, shots < 0 ? answered.defaultNumFewshot() : shots);
            } finally {
                answered.close();
            }
            metrics = runs
                    ? List.of(PASS)
                    : answered.metrics().stream().map(GenerativeMetric::key).toList();
        }
        PythonTests tests = runs ? new PythonTests(Sandbox.find(), Limits.DEFAULT) : null;
        String asked = Objects.requireNonNullElse(study.benchmarks().metricOf(task), metrics.getFirst());
        if (!metrics.contains(asked)) {
            throw new ConfigException(
                    "%s has no metric %s; take one of %s".formatted(task, asked, String.join(" ", metrics)));
        }
        return new PriorSkill(task, asked, study, folder, tests);
    }

    /// Sees that `model` can be asked at all: that it has a chat template where one is needed, and room for
    /// answers.
    ///
    /// @throws dev.razor.core.base.UserException if not
    void require(PretrainedModel model) {
        GenerativeBenchmark answered = GenerativeBenchmarks.named(task).orElse(null);
        if (chat() || (answered != null && answered.needsChatTemplate())) {
            model.tokenizer().requireChatTemplate();
        }
        int context = model.model().contextLength();
        if (answered != null && answered.limits().maxNewTokens() >= context) {
            throw new ConfigException(
                    ("benchmarks.tasks: an answer to %s may have %d tokens and the model reads %d in all; take a model"
                                    + " with a longer context, or leave the benchmark out")
                            .formatted(task, answered.limits().maxNewTokens(), context));
        }
    }

    /// What `model` scores.
    Aggregate score(PretrainedModel model, Progress told) {
        Progress progress = (_, done, total, detail) -> told.update(task, done, total, detail);
        GenerativeBenchmark answered = GenerativeBenchmarks.named(task).orElse(null);
        if (answered == null) {
            return named(chosen(model, progress));
        }
        var evaluator = new GenerativeEvaluator(
                new ModelAnswers(model, study.evalBatchSize()), study.evalBatchSize() * CHUNK_BATCHES, progress);
        var options = new GenerativeEvaluator.Options(
                limit(),
                numFewshot(),
                chat(),
                study.meters().seed(),
                () -> ChatPrompts.of(model.tokenizer()).answers());
        GenerativeResult result = evaluator.run(answered, folder, options, null);
        return tests == null ? named(result.aggregates().stream()) : run(result, tests, progress);
    }

    private Stream<Aggregate> chosen(PretrainedModel model, Progress progress) {
        var pairs = EncodePair.of(model.tokenizer(), model.model().contextLength());
        var evaluator = new Evaluator(pairs, new ModelLogLikelihoods(model, study.evalBatchSize(), progress));
        PromptStyle style = chat() ? ChatPrompts.of(model.tokenizer()).choices() : new PromptStyle.Plain();
        var options = new Evaluator.Options(limit(), numFewshot().orElse(0), style);
        BenchmarkResult result = evaluator.run(Benchmarks.named(task, folder), folder, options);
        // of a group and its tasks the one that has the benchmark's own name
        Stream<Aggregate> groups = result.groups().stream()
                .filter(group -> group.name().equals(task))
                .flatMap(group -> group.aggregates().stream());
        Stream<Aggregate> tasks = result.tasks().stream()
                .filter(one -> one.name().equals(task))
                .flatMap(one -> one.aggregates().stream());
        return Stream.concat(groups, tasks);
    }

    private Aggregate named(Stream<Aggregate> aggregates) {
        return aggregates
                .filter(aggregate -> aggregate.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    /// Runs what the model wrote.
    private Aggregate run(GenerativeResult result, PythonTests tests, Progress progress) {
        Map<String, List<String>> written = new LinkedHashMap<>();
        for (GenerativeSample sample : result.samples()) {
            written.computeIfAbsent(sample.document().id(), _ -> new ArrayList<>())
                    .add(sample.answer().text());
        }
        Map<HumanEval.Problem, List<String>> completions = new LinkedHashMap<>();
        List<HumanEval.Problem> problems = HumanEval.problems(folder);
        for (HumanEval.Problem problem : problems) {
            List<String> texts = written.get(problem.taskId());
            if (texts != null) {
                completions.put(problem, texts);
            }
        }
        int jobs = Runtime.getRuntime().availableProcessors();
        return new CodeEvaluation(HumanEval.require(task), tests, jobs, progress)
                .run(new Completions(problems, completions))
                .passAt(1);
    }

    private boolean chat() {
        return study.benchmarks().chatTemplate().contains(task);
    }

    private OptionalInt limit() {
        int limit = study.benchmarks().limit();
        return limit == 0 ? OptionalInt.empty() : OptionalInt.of(limit);
    }

    private OptionalInt numFewshot() {
        Integer shots = study.benchmarks().numFewshot();
        return shots == null ? OptionalInt.empty() : OptionalInt.of(shots);
    }
}
