package dev.razor.eval.benchmarks;

import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Document;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PythonStrings;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// HellaSwag: which of four sentences goes on with a description of what somebody does.
///
/// ```
/// ctx     = ctx_a + " " + ctx_b.capitalize()
/// query   = preprocess(activity_label + ": " + ctx)
/// choices = preprocess(ending)
/// ```
///
/// Records come in two forms. The original one has `ctx_a` and `ctx_b`. The other has them already joined and
/// cleaned in `ctx`, with `ctx_b` still in lower case. There, what follows the last sentence end without an end
/// of its own is `ctx_b`. Where the text holds no sentence end at all, it is `ctx_a` alone and stays as it is.
///
/// @see <a href="https://arxiv.org/abs/1905.07830">Zellers et al. 2019</a>
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/tasks/hellaswag/utils.py">
///     the definition followed here</a>
public final class HellaSwag implements MultipleChoiceBenchmark {

    // UNIX_LINES: Python's dot stops at "\n" only, Java's at five kinds of line end.
    private static final Pattern BRACKETS = Pattern.compile("\\[.*?\\]", Pattern.UNIX_LINES);

    private static final Pattern SENTENCE_END = Pattern.compile("[.!?][\"')\\]]*(?:\\s+|$)");

    private static final BenchmarkFiles FILES = new BenchmarkFiles(
            "hellaswag",
            List.of("hellaswag"),
            List.of(
                    List.of("activity_label", "ctx_a", "ctx_b", "endings", "label"),
                    List.of("activity_label", "ctx", "endings", "label")),
            Split.VALIDATION);

    @Override
    public String name() {
        return "hellaswag";
    }

    @Override
    public double version() {
        return 1.0;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.ACCURACY_BY_CHARACTERS, Metric.ACCURACY_BY_BYTES);
    }

    @Override
    public BenchmarkData load(Path data, int numFewshot) {
        return SingleTask.of(this, FILES.documents(data, numFewshot, true, HellaSwag::document));
    }

    private static Document document(DataRecord from) {
        boolean original = from.has("ctx_a");
        List<String> endings = from.choices("endings");
        return Document.of(
                original ? originalQuery(from) : cleanedQuery(from),
                original ? endings.stream().map(HellaSwag::preprocess).toList() : endings,
                List.of(from.gold("label", endings.size())));
    }

    private static String originalQuery(DataRecord from) {
        String context = from.text("ctx_a") + " " + PythonStrings.capitalize(from.text("ctx_b"));
        return preprocess(from.text("activity_label") + ": " + context);
    }

    private static String cleanedQuery(DataRecord from) {
        return from.text("activity_label") + ": " + capitalizeFragment(from.text("ctx"));
    }

    /// `ctx` with the fragment after its last sentence end capitalised, if it begins in lower case.
    private static String capitalizeFragment(String context) {
        Matcher sentence = SENTENCE_END.matcher(context);
        int end = 0;
        while (sentence.find()) {
            end = sentence.end();
        }
        boolean fragment = end > 0 && end < context.length() && Character.isLowerCase(context.codePointAt(end));
        return fragment ? context.substring(0, end) + PythonStrings.capitalize(context.substring(end)) : context;
    }

    /// Takes out the marks of the WikiHow part. The order of the steps matters, and double spaces go once only.
    private static String preprocess(String text) {
        String titled = PythonStrings.strip(text).replace(" [title]", ". ");
        return BRACKETS.matcher(titled).replaceAll("").replace("  ", " ");
    }
}
