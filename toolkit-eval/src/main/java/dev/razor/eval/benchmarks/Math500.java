package dev.razor.eval.benchmarks;

import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// MATH-500, five hundred competition problems whose answers are LaTeX, as the harness's `hendrycks_math500`:
///
/// ```
/// prompt       Problem: ...\nAnswer:            stops at "Problem:", 256 tokens
/// answer       what stands between the first and the last $ of the response, or all of it
/// exact_match  the same as the content of the solution's last \boxed after normalisation of the text
/// ```
///
/// Records are the Hub's (`problem`, `solution`) or Open-Reasoner-Zero's (`prompt`, `final_answer`, the same
/// problems with the content of the box).
///
/// @see <a
/// href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/hendrycks_math">
///     the definition followed here, version 1.0</a>
/// @see <a href="https://arxiv.org/abs/2103.03874">Hendrycks et al. 2021</a>
public final class Math500 implements GenerativeBenchmark {

    static final GenerativeMetric EXACT_MATCH = GenerativeMetric.of("exact_match");

    /// A problem and what the box of its solution holds.
    record Problem(String text, String answer) {}

    /// The problems, for `benchmark`, whose files lie at `data`.
    static List<Problem> problems(String benchmark, Path data) {
        return new BenchmarkFiles(
                        benchmark,
                        List.of(benchmark, "math500", "MATH-500"),
                        List.of(List.of("problem", "solution"), List.of("prompt", "final_answer")))
                .find(data)
                .read(Math500::problem);
    }

    @Override
    public String name() {
        return "hendrycks_math500";
    }

    @Override
    public double version() {
        return 1.0;
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(List.of("Problem:"), GenerationLimits.DEFAULT_MAX_NEW_TOKENS);
    }

    @Override
    public List<GenerativeMetric> metrics() {
        return List.of(EXACT_MATCH);
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        ZeroShot.require(name(), numFewshot, "has no training questions to take examples from");
        List<GenerativeDocument> documents = new ArrayList<>();
        for (Problem problem : problems(name(), data)) {
            documents.add(GenerativeDocument.of(
                    Integer.toString(documents.size()),
                    List.of(),
                    "Problem: %s\nAnswer:".formatted(problem.text()),
                    problem.answer(),
                    response -> Map.of(EXACT_MATCH.key(), List.of(mark(response, problem.answer())))));
        }
        return documents;
    }

    private static double mark(String response, String answer) {
        return MathAnswers.areEquivalent(MathAnswers.between(response), answer) ? 1 : 0;
    }

    private static Problem problem(DataRecord from) {
        if (from.has("problem")) {
            String answer = MathAnswers.lastBoxed(from.text("solution"))
                    .orElseThrow(() -> from.problem("solution must hold a \\boxed answer, got %s; correct the record"
                            .formatted(DataRecord.shown(from.fields().path("solution")))));
            return new Problem(from.text("problem"), answer);
        }
        String text = from.fields().path("prompt").path(0).path("value").asString("");
        if (text.isEmpty()) {
            throw from.problem("prompt must be a list of one message with a value, got %s; correct the record"
                    .formatted(DataRecord.shown(from.fields().path("prompt"))));
        }
        return new Problem(text, from.text("final_answer"));
    }
}
