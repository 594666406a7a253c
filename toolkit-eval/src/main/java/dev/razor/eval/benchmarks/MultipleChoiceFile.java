package dev.razor.eval.benchmarks;

import dev.razor.core.base.Check;
import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Document;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.List;

/// A benchmark of the user's own: records `{"query", "choices", "gold"}`, gold counted from 0. What is scored is
/// a space and the choice after the query as it stands.
///
/// Examples, where asked for, are other questions of the same file, drawn as the harness draws them for a task
/// with one split.
///
/// The file lies under `DIR/<name>/`, or in `DIR` with a name that is the benchmark's, alone or before a `_`, `-`
/// or `.`: `arc_easy` is found as `arc_easy.jsonl` and as `arc_easy_300.jsonl`.
///
/// @param name on the command line and in result files; letters, digits, `_`, `-` and `.`
public record MultipleChoiceFile(String name) implements MultipleChoiceBenchmark {

    public MultipleChoiceFile {
        Check.that(isName(name), "a benchmark's name must fit a file name, got %s", name);
    }

    /// Whether a benchmark may be called so: the name becomes part of file names.
    static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*");
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
        DataFile file = files().find(data);
        List<Question> questions = BenchmarkFiles.questions(file, MultipleChoiceFile::document);
        return SingleTask.of(
                this,
                numFewshot == 0
                        ? Question.documents(questions)
                        : Question.withExamples(name, questions, questions, numFewshot, true));
    }

    /// Whether `data` holds a file of this name. Its records are not looked at.
    public boolean isPresent(Path data) {
        return BenchmarkFiles.candidates(data, List.of(name)).stream().anyMatch(path -> isNamed(data, path));
    }

    private BenchmarkFiles files() {
        return new BenchmarkFiles(
                name, List.of(name), List.of(List.of("query", "choices", "gold")), this::isNamed, null);
    }

    private boolean isNamed(Path data, Path path) {
        String file = path.getFileName().toString();
        return path.startsWith(data.resolve(name))
                || (file.startsWith(name)
                        && file.length() > name.length()
                        && "_-.".indexOf(file.charAt(name.length())) >= 0);
    }

    private static Document document(DataRecord from) {
        List<String> choices = from.choices("choices");
        return Document.of(from.text("query"), choices, List.of(from.gold("gold", choices.size())));
    }
}
