package dev.razor.eval.benchmarks;

import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PythonStrings;
import java.nio.file.Path;
import java.util.List;

/// WinoGrande: which of two names fills the blank of a sentence.
///
/// Scoring is partial: the names stand in the context, and what is scored is the rest of the sentence, the same
/// after both.
///
/// ```
/// context_i    = sentence up to "_" + option_i
/// continuation = " " + strip(sentence after "_")
/// ```
///
/// @see <a href="https://arxiv.org/abs/1907.10641">Sakaguchi et al. 2019</a>
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/main/lm_eval/tasks/winogrande">
///     the definition followed here</a>
public final class Winogrande implements MultipleChoiceBenchmark {

    private static final BenchmarkFiles FILES = new BenchmarkFiles(
            "winogrande",
            List.of("winogrande"),
            List.of(List.of("sentence", "option1", "option2", "answer")),
            Split.VALIDATION);

    @Override
    public String name() {
        return "winogrande";
    }

    @Override
    public double version() {
        return 1.0;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }

    @Override
    public BenchmarkData load(Path data, int numFewshot) {
        return SingleTask.of(this, FILES.documents(data, numFewshot, true, Winogrande::document));
    }

    private static Document document(DataRecord from) {
        String sentence = from.text("sentence");
        int blank = sentence.indexOf('_');
        if (blank < 0) {
            throw from.problem("sentence must have a blank \"_\", got \"%s\"; correct the record".formatted(sentence));
        }
        int answer = from.integer("answer");
        if (answer != 1 && answer != 2) {
            throw from.problem("answer must be 1 or 2, got %d; correct the record".formatted(answer));
        }
        String before = sentence.substring(0, blank);
        String after = PythonStrings.strip(sentence.substring(blank + 1));
        List<Choice> choices = List.of(
                new Choice(before + from.text("option1"), after), new Choice(before + from.text("option2"), after));
        return new Document("", List.of(), choices, List.of(answer - 1));
    }
}
