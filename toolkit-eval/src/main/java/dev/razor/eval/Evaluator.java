package dev.razor.eval;

import dev.razor.core.base.Check;
import dev.razor.core.base.NotNumbers;
import dev.razor.eval.BenchmarkData.Group;
import dev.razor.eval.BenchmarkData.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a model the questions of a benchmark and marks the answers.
///
/// The order is: read the documents, write each as one request a choice, tokenise, have the model score all
/// requests of the benchmark in one call, take the metrics of each document, average.
public final class Evaluator {

    private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);

    private final EncodePair pairs;
    private final LogLikelihoods model;

    public Evaluator(EncodePair pairs, LogLikelihoods model) {
        this.pairs = pairs;
        this.model = model;
    }

    /// How to ask.
    ///
    /// @param limit how many documents of each task, from the first; all where absent
    /// @param numFewshot how many solved examples stand before each question
    public record Options(OptionalInt limit, int numFewshot, PromptStyle style) {

        public Options {
            Check.that(limit.orElse(1) >= 1, "limit must be at least 1, got %s", limit.orElse(1));
            Check.that(numFewshot >= 0, "num_fewshot must not be negative, got %s", numFewshot);
        }
    }

    /// The scores of `benchmark`, whose files lie at `data`.
    public BenchmarkResult run(MultipleChoiceBenchmark benchmark, Path data, Options options) {
        return run(benchmark, benchmark.load(data, options.numFewshot()), options);
    }

    /// The scores of `benchmark`, whose documents have been read, with as many examples as `options` say.
    public BenchmarkResult run(MultipleChoiceBenchmark benchmark, BenchmarkData loaded, Options options) {
        List<List<Prepared>> prepared =
                loaded.tasks().stream().map(task -> prepare(task, options)).toList();
        Iterator<LogLikelihood> scores = score(prepared).iterator();
        var tasks = new ArrayList<TaskResult>();
        for (int i = 0; i < prepared.size(); i++) {
            Task task = loaded.tasks().get(i);
            var samples = new ArrayList<Sample>();
            for (Prepared document : prepared.get(i)) {
                samples.add(document.sample(task.name(), scores));
            }
            tasks.add(new TaskResult(
                    task.name(),
                    task.version(),
                    options.numFewshot(),
                    task.documents().size(),
                    benchmark.metrics(),
                    samples));
        }
        List<GroupResult> groups =
                loaded.groups().stream().map(group -> pooled(group, tasks)).toList();
        return new BenchmarkResult(tasks, groups);
    }

    /// What [#run] asks the model to score, in that order.
    public List<TokenizedRequest> requests(MultipleChoiceBenchmark benchmark, Path data, Options options) {
        return requests(benchmark.load(data, options.numFewshot()).tasks().stream()
                .map(task -> prepare(task, options))
                .toList());
    }

    /// A document whose requests are ready for the model.
    private record Prepared(int index, Document document, List<TextRequest> texts, List<EncodePair.Encoded> encoded) {

        /// Takes this document's scores, the next of `all`.
        Sample sample(String task, Iterator<LogLikelihood> all) {
            var scores = new ArrayList<LogLikelihood>();
            for (int choice = 0; choice < texts.size(); choice++) {
                LogLikelihood score = all.next();
                NotNumbers.refuse(
                        score.sum(), "%s: document %d, choice %d".formatted(task, index, choice), "log-likelihood");
                scores.add(score);
            }
            List<Integer> dropped =
                    encoded.stream().map(EncodePair.Encoded::droppedTokens).toList();
            return new Sample(index, document, texts, scores, dropped);
        }
    }

    private List<Prepared> prepare(Task task, Options options) {
        int count = Math.min(
                options.limit().orElse(Integer.MAX_VALUE), task.documents().size());
        var prepared = new ArrayList<Prepared>();
        int truncated = 0;
        for (int index = 0; index < count; index++) {
            Document document = task.documents().get(index);
            String where = "%s: document %d".formatted(task.name(), index);
            List<TextRequest> texts = document.requests(options.style());
            List<EncodePair.Encoded> encoded = texts.stream()
                    .map(text -> pairs.encode(where, text.context(), text.continuation()))
                    .toList();
            truncated += encoded.stream().anyMatch(one -> one.droppedTokens() > 0) ? 1 : 0;
            prepared.add(new Prepared(index, document, texts, encoded));
        }
        if (truncated > 0) {
            LOG.warn(
                    "{}: {} of {} documents are longer than the model can read and lost their beginning",
                    task.name(),
                    truncated,
                    count);
        }
        return prepared;
    }

    private List<LogLikelihood> score(List<List<Prepared>> tasks) {
        List<TokenizedRequest> requests = requests(tasks);
        List<LogLikelihood> scores = model.score(requests);
        Check.that(
                scores.size() == requests.size(),
                "%s requests need as many log-likelihoods, got %s",
                requests.size(),
                scores.size());
        return scores;
    }

    private static List<TokenizedRequest> requests(List<List<Prepared>> tasks) {
        return tasks.stream()
                .flatMap(List::stream)
                .flatMap(document -> document.encoded().stream())
                .map(EncodePair.Encoded::request)
                .toList();
    }

    private static GroupResult pooled(Group group, List<TaskResult> tasks) {
        List<List<Aggregate>> members = tasks.stream()
                .filter(task -> group.tasks().contains(task.name()))
                .map(TaskResult::aggregates)
                .toList();
        var aggregates = new ArrayList<Aggregate>();
        for (int metric = 0; metric < members.getFirst().size(); metric++) {
            int column = metric;
            List<Aggregate> values =
                    members.stream().map(member -> member.get(column)).toList();
            aggregates.add(Aggregate.pooled(values.getFirst().metric(), values));
        }
        return new GroupResult(group.name(), group.version(), group.tasks(), aggregates);
    }
}
