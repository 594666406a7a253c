package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.Example;
import dev.razor.eval.PythonRandom;
import dev.razor.eval.PythonStrings;
import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// GSM8K: word problems of primary school, whose answers are whole numbers.
///
/// | task | question | examples | the strict pattern | stops |
/// |---|---|---|---|---|
/// | gsm8k | `Question: ...\nAnswer:` | 5 of the training questions | `#### N` | `Question:` |
/// | gsm8k_cot | `Q: ...\nA:` | the first of 8 fixed ones (Wei et al. 2022) | `The answer is N.` | `Q:` |
/// | gsm8k_cot_zeroshot | `Q: ...\nA: Let's think step by step.` | none | `The answer is N.` | `Q:` |
///
/// All also stop at `</s>` and `<|im_end|>`. The examples of `gsm8k` are drawn anew for every question, in the
/// order of the questions, by Python's `random.Random(1234).sample`: they are the harness's where the training
/// file has all 7,473 questions.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/gsm8k">
///     the definition followed here, version 3.0</a>
/// @see <a href="https://arxiv.org/abs/2110.14168">Cobbe et al. 2021</a>
///
/// @param query the question's place in its prompt
/// @param defaultNumFewshot how many examples it has where the user does not say
/// @param strict what the answer must hold for the strict metric
/// @param stop where the model begins a question of its own
public record Gsm8k(String name, String query, int defaultNumFewshot, Pattern strict, String stop)
        implements GenerativeBenchmark {

    private static final Pattern THE_ANSWER_IS =
            Pattern.compile("The answer is (\\-?[0-9\\.\\,]+).", Pattern.UNIX_LINES);

    public static final Gsm8k GSM8K =
            new Gsm8k("gsm8k", "Question: %s\nAnswer:", 5, Pattern.compile("#### (\\-?[0-9\\.\\,]+)"), "Question:");

    public static final Gsm8k COT = new Gsm8k("gsm8k_cot", "Q: %s\nA:", 8, THE_ANSWER_IS, "Q:");

    public static final Gsm8k COT_ZEROSHOT =
            new Gsm8k("gsm8k_cot_zeroshot", "Q: %s\nA: Let's think step by step.", 0, THE_ANSWER_IS, "Q:");

    static final GenerativeMetric STRICT = GenerativeMetric.of("exact_match,strict-match");
    static final GenerativeMetric FLEXIBLE = GenerativeMetric.of("exact_match,flexible-extract");

    private static final long SEED = 1234;

    private record Problem(String question, String answer) {}

    @Override
    public double version() {
        return 3.0;
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(List.of(stop, "</s>", "<|im_end|>"), GenerationLimits.DEFAULT_MAX_NEW_TOKENS);
    }

    @Override
    public List<GenerativeMetric> metrics() {
        return List.of(
                STRICT.extracting(answer -> NumberExtraction.first(strict, answer)),
                FLEXIBLE.extracting(NumberExtraction::last));
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        if (equals(COT_ZEROSHOT)) {
            ZeroShot.require(name, numFewshot, "takes no examples");
        }
        List<Problem> problems = files().find(data).read(Gsm8k::problem);
        List<Problem> pool = equals(GSM8K) && numFewshot > 0 ? training(data) : List.of();
        if (equals(GSM8K) && numFewshot > pool.size()) {
            throw new ConfigException("num_fewshot: gsm8k has %d training questions, got %d; take fewer"
                    .formatted(pool.size(), numFewshot));
        }
        PythonRandom random = new PythonRandom(SEED);
        List<GenerativeDocument> documents = new ArrayList<>();
        for (Problem problem : problems) {
            List<Example> examples = equals(COT)
                    ? Gsm8kChainOfThought.first(numFewshot)
                    : Arrays.stream(random.sample(pool.size(), numFewshot))
                            .mapToObj(pool::get)
                            .map(one -> new Example(query.formatted(one.question()), one.answer()))
                            .toList();
            String target = equals(COT) ? afterHashes(problem.answer()) : problem.answer();
            documents.add(GenerativeDocument.of(
                    Integer.toString(documents.size()),
                    examples,
                    query.formatted(problem.question()),
                    target,
                    answer -> marks(answer, target)));
        }
        return documents;
    }

    private Map<String, List<Double>> marks(String answer, String target) {
        Map<String, List<Double>> marks = new LinkedHashMap<>();
        marks.put(STRICT.key(), mark(NumberExtraction.first(strict, answer), target));
        marks.put(FLEXIBLE.key(), mark(NumberExtraction.last(answer), target));
        return marks;
    }

    private static List<Double> mark(String extracted, String target) {
        return List.of(NumberExtraction.isExactMatch(extracted, target) ? 1.0 : 0.0);
    }

    private static String afterHashes(String answer) {
        return PythonStrings.strip(answer.substring(answer.lastIndexOf("####") + "####".length()));
    }

    private static BenchmarkFiles files() {
        return new BenchmarkFiles("gsm8k", List.of("gsm8k"), List.of(List.of("question", "answer")), Split.TEST);
    }

    private static List<Problem> training(Path data) {
        Path folder = Files.isRegularFile(data) ? data.resolveSibling("") : data;
        try {
            return files().find(folder, Split.TRAIN).read(Gsm8k::problem);
        } catch (DataException e) {
            throw new DataException(
                    "gsm8k: its examples come from the training questions: %s; or ask with --num-fewshot 0"
                            .formatted(e.problems().getFirst()),
                    e);
        }
    }

    private static Problem problem(DataRecord from) {
        String answer = from.text("answer");
        if (!answer.contains("####")) {
            throw from.problem("answer must end in #### and the number, got %s; correct the record"
                    .formatted(DataRecord.shown(from.fields().path("answer"))));
        }
        return new Problem(from.text("question"), answer);
    }
}
