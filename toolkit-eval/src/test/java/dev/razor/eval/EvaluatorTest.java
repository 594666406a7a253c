package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.razor.core.base.CheckpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

    private static final Path NOWHERE = Path.of("nowhere");

    /// Two tasks of two and one documents, and a group of both.
    private record Letters() implements MultipleChoiceBenchmark {

        @Override
        public String name() {
            return "letters";
        }

        @Override
        public double version() {
            return 1;
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metric.ACCURACY, Metric.ACCURACY_BY_CHARACTERS);
        }

        @Override
        public BenchmarkData load(Path data, int numFewshot) {
            Document first = Document.of("first", List.of("a", "bb"), List.of(0));
            Document second = Document.of("second", List.of("a", "bb"), List.of(1));
            return new BenchmarkData(
                    List.of(
                            new BenchmarkData.Task("one", 1, List.of(first, second)),
                            new BenchmarkData.Task("two", 1, List.of(first))),
                    List.of(new BenchmarkData.Group("both", 1, List.of("one", "two"))));
        }
    }

    /// Every character costs 1, so that the shorter answer wins and per character all are equal.
    private static final LogLikelihoods PER_CHARACTER = requests -> requests.stream()
            .map(request -> new LogLikelihood(-(request.continuationIds().length - 1), false))
            .toList();

    private static Evaluator evaluator(LogLikelihoods model) {
        return new Evaluator(new EncodePair(text -> text.chars().toArray(), 0, 8), model);
    }

    private static Evaluator.Options options(OptionalInt limit) {
        return new Evaluator.Options(limit, 0, new PromptStyle.Plain());
    }

    @Test
    void run_marksEachTaskAndItsGroup() {
        BenchmarkResult result = evaluator(PER_CHARACTER).run(new Letters(), NOWHERE, options(OptionalInt.empty()));

        assertThat(result.tasks()).extracting(TaskResult::name).containsExactly("one", "two");
        assertThat(result.tasks().get(0).aggregates())
                .extracting(Aggregate::metric, Aggregate::mean)
                .containsExactly(tuple("acc", 0.5), tuple("acc_norm", 0.5));
        assertThat(result.tasks().get(1).aggregates())
                .extracting(Aggregate::mean)
                .containsExactly(1.0, 1.0);
        assertThat(result.groups().getFirst().aggregates())
                .extracting(Aggregate::mean)
                .containsExactly(2.0 / 3, 2.0 / 3);
    }

    @Test
    void run_asksTheModelOnceInOrder() {
        var calls = new ArrayList<List<TokenizedRequest>>();
        LogLikelihoods model = requests -> {
            calls.add(requests);
            return PER_CHARACTER.score(requests);
        };

        evaluator(model).run(new Letters(), NOWHERE, options(OptionalInt.empty()));

        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst())
                .extracting(request -> request.continuationIds().length)
                .containsExactly(2, 3, 2, 3, 2, 3);
    }

    @Test
    void run_takesTheFirstDocumentsOfEachTask() {
        BenchmarkResult result = evaluator(PER_CHARACTER).run(new Letters(), NOWHERE, options(OptionalInt.of(1)));

        assertThat(result.tasks()).extracting(task -> task.samples().size()).containsExactly(1, 1);
        assertThat(result.tasks()).extracting(TaskResult::available).containsExactly(2, 1);
    }

    @Test
    void run_countsWhatWasTooLong() {
        // 8 tokens are read and one more predicted: "second" + " bb" is 9 and fits, so is all else.
        BenchmarkResult fits = evaluator(PER_CHARACTER).run(new Letters(), NOWHERE, options(OptionalInt.empty()));
        assertThat(fits.tasks()).extracting(TaskResult::truncatedRequests).containsExactly(0L, 0L);

        var small = new Evaluator(new EncodePair(text -> text.chars().toArray(), 0, 7), PER_CHARACTER);
        BenchmarkResult cut = small.run(new Letters(), NOWHERE, options(OptionalInt.empty()));
        assertThat(cut.tasks()).extracting(TaskResult::truncatedRequests).containsExactly(1L, 0L);
        assertThat(cut.tasks().getFirst().samples().get(1).droppedTokens()).containsExactly(0, 1);
    }

    @Test
    void run_refusesNaN() {
        LogLikelihoods model = requests ->
                requests.stream().map(_ -> new LogLikelihood(Double.NaN, false)).toList();

        assertThatThrownBy(() -> evaluator(model).run(new Letters(), NOWHERE, options(OptionalInt.empty())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("one: document 0, choice 0: ")
                .hasMessageContaining("got NaN");
    }

    @Test
    void run_refusesAModelThatAnswersTooLittle() {
        assertThatThrownBy(() -> evaluator(_ -> List.of()).run(new Letters(), NOWHERE, options(OptionalInt.empty())))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
