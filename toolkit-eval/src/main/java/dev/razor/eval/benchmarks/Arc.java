package dev.razor.eval.benchmarks;

import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Document;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// ARC, science questions for grades 3 to 9, in an easy set and a hard one.
///
/// ```
/// query        = "Question: " + question + "\nAnswer:"
/// continuation = " " + text of the choice
/// ```
///
/// The right choice is the one whose label (`A` to `E`, in some records `1` to `5`) is the record's `answerKey`.
/// Examples come from the train file. Records are read in three forms: AI2's own (`question` with `stem` and
/// `choices`), the Hugging Face data set's (`choices` with `text` and `label`), and llm-foundry's (`query` that
/// begins with "Question: ", `choices`, `gold`).
///
/// @param name `arc_challenge` or `arc_easy`
/// @see <a href="https://arxiv.org/abs/1803.05457">Clark et al. 2018</a>
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/arc">
///     the definition followed here</a>
public record Arc(String name) implements MultipleChoiceBenchmark {

    /// Both sets.
    static final List<MultipleChoiceBenchmark> ALL = List.of(new Arc("arc_challenge"), new Arc("arc_easy"));

    private static final List<List<String>> FORMS =
            List.of(List.of("question", "answerKey"), List.of("query", "choices", "gold"));

    @Override
    public double version() {
        return 1.0;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.ACCURACY_BY_CHARACTERS);
    }

    @Override
    public BenchmarkData load(Path data, int numFewshot) {
        var files = new BenchmarkFiles(
                name, List.of("arc", "ai2_arc", "ARC-V1-Feb2018-2", folder(), name), FORMS, this::isNamed, Split.TEST);
        return SingleTask.of(this, files.documents(data, numFewshot, false, Arc::document));
    }

    /// `ARC-Challenge` or `ARC-Easy`, the folder in AI2's archive and in the Hugging Face repository.
    private String folder() {
        return name.equals("arc_easy") ? "ARC-Easy" : "ARC-Challenge";
    }

    /// Whether the name of the file or of a folder above it below `data` is that of this set.
    private boolean isNamed(Path data, Path file) {
        String path = (data.getFileName() + "/" + data.relativize(file)).toLowerCase(Locale.ROOT);
        return path.replace('-', '_').contains(name);
    }

    private static Document document(DataRecord from) {
        if (from.has("gold")) {
            List<String> choices = from.choices("choices");
            return Document.of(from.text("query") + "\nAnswer:", choices, List.of(from.gold("gold", choices.size())));
        }
        if (from.has("choices")) {
            DataRecord choices = from.inner("choices");
            return document(from, from.text("question"), choices.choices("text"), choices.choices("label"));
        }
        DataRecord question = from.inner("question");
        List<DataRecord> choices = question.records("choices");
        return document(
                from,
                question.text("stem"),
                choices.stream().map(each -> each.text("text")).toList(),
                choices.stream().map(each -> each.text("label")).toList());
    }

    private static Document document(DataRecord from, String question, List<String> choices, List<String> labels) {
        String key = from.text("answerKey");
        int gold = labels.indexOf(key);
        if (gold < 0 || labels.size() != choices.size()) {
            throw from.problem("answerKey must be one of the labels %s of %d choices, got %s; correct the record"
                    .formatted(labels, choices.size(), key));
        }
        return Document.of("Question: " + question + "\nAnswer:", choices, List.of(gold));
    }
}
