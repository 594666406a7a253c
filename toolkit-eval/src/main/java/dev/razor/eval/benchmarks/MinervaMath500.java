package dev.razor.eval.benchmarks;

import dev.razor.core.reward.math.Equivalence;
import dev.razor.core.reward.math.FinalAnswer;
import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// MATH-500 after four solved problems, as the harness's `minerva_math500`:
///
/// ```
/// prompt       Problem:\n...\n\nSolution:               stops at "Problem:", 256 tokens
/// exact_match  what "Final Answer: The final answer is ... I hope it is correct." says, of the same value as the
///              content of the solution's last \\boxed, both normalised
/// math_verify  the response's answer, wherever it stands, of the same value as that content
/// ```
///
/// The harness has values compared by sympy and by math_verify, here [Equivalence] does; docs/benchmarks.md
/// says how far the verdicts differ.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/minerva_math">
///     the definition followed here, version 3.0</a>
public final class MinervaMath500 implements GenerativeBenchmark {

    private static final GenerativeMetric EXACT_MATCH = GenerativeMetric.of("exact_match");
    private static final GenerativeMetric MATH_VERIFY = GenerativeMetric.of("math_verify");

    @Override
    public String name() {
        return "minerva_math500";
    }

    @Override
    public double version() {
        return 3.0;
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(List.of("Problem:"), GenerationLimits.DEFAULT_MAX_NEW_TOKENS);
    }

    @Override
    public List<GenerativeMetric> metrics() {
        return List.of(EXACT_MATCH, MATH_VERIFY);
    }

    @Override
    public int defaultNumFewshot() {
        return 4;
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        List<GenerativeDocument> documents = new ArrayList<>();
        for (Math500.Problem problem : Math500.problems(name(), data)) {
            documents.add(GenerativeDocument.of(
                    Integer.toString(documents.size()),
                    MinervaExamples.first(numFewshot),
                    MinervaExamples.query(problem.text()),
                    MinervaAnswers.normalised(problem.answer()),
                    response -> marks(response, problem.answer())));
        }
        return documents;
    }

    private static Map<String, List<Double>> marks(String response, String answer) {
        Map<String, List<Double>> marks = new LinkedHashMap<>();
        marks.put(EXACT_MATCH.key(), List.of(exactMatch(response, answer) ? 1.0 : 0.0));
        marks.put(MATH_VERIFY.key(), List.of(verified(response, answer) ? 1.0 : 0.0));
        return marks;
    }

    static boolean exactMatch(String response, String answer) {
        return Equivalence.equal(
                MinervaAnswers.normalised(answer), MinervaAnswers.normalised(MinervaAnswers.found(response)));
    }

    static boolean verified(String response, String answer) {
        String found = answer(response);
        return found != null && Equivalence.equal(answer, found);
    }

    /// What the last sentence says, else the last box, else the last formula, else the last number.
    private static @Nullable String answer(String response) {
        String said = MinervaAnswers.found(response);
        if (!said.equals(MinervaAnswers.INVALID)) {
            return said;
        }
        int end = response.lastIndexOf('$');
        int start = response.lastIndexOf('$', end - 1);
        boolean formula = FinalAnswer.boxes(response) == 0 && start >= 0;
        return formula ? response.substring(start + 1, end) : FinalAnswer.of(response);
    }
}
