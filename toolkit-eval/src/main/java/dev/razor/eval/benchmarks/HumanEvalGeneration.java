package dev.razor.eval.benchmarks;

import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.Turn;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model writes for HumanEval's functions. Marking them means running them, which is done apart; so there
/// are no metrics here, only completions.
///
/// ```
/// humaneval           the prompt as it is
/// humaneval_instruct  a request with the prompt in a fence; the answer begins with a fence and the prompt, from which
///                     the model goes on. Its completion ends before the next fence.
/// ```
///
/// Both stop at `\nclass`, `\ndef`, `\n#`, `\nif` and `\nprint`, after at most 1,024 tokens.
///
/// @param instruct which of the two
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/humaneval">
///     the definition followed here, versions 1.0 and 4.0</a>
/// @see <a href="https://arxiv.org/abs/2107.03374">Chen et al. 2021</a>
public record HumanEvalGeneration(boolean instruct) implements GenerativeBenchmark {

    private static final int MAX_NEW_TOKENS = 1024;
    private static final String FENCE = "```";

    @Override
    public String name() {
        return instruct ? "humaneval_instruct" : "humaneval";
    }

    @Override
    public double version() {
        return instruct ? 4.0 : 1.0;
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint"), MAX_NEW_TOKENS);
    }

    /// None: see the class.
    @Override
    public List<GenerativeMetric> metrics() {
        return List.of();
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        ZeroShot.require(name(), numFewshot, "takes no examples");
        var files = new BenchmarkFiles(
                name(), List.of("humaneval", name()), List.of(List.of("task_id", "prompt", "entry_point", "test")));
        return files.find(data).read(this::document);
    }

    private GenerativeDocument document(DataRecord from) {
        String prompt = from.text("prompt");
        List<Turn> turns = instruct ? conversation(prompt) : List.of(new Turn("user", prompt, ""));
        return new GenerativeDocument(from.text("task_id"), turns, "", _ -> Map.of());
    }

    private static List<Turn> conversation(String prompt) {
        String fenced = "```python\n" + prompt + "\n";
        String request = "Write a solution to the following problem and make sure that it passes the tests:\n" + fenced;
        return List.of(
                new Turn("user", request + FENCE + "\n", ""),
                new Turn("assistant", "Here is the completed function:\n" + fenced, ""));
    }

    /// The lines `{"task_id", "completion"}` of what was written, in the order of the tasks.
    public List<ObjectNode> completions(GenerativeResult result) {
        return result.samples().stream()
                .map(sample -> JsonNodeFactory.instance
                        .objectNode()
                        .put("task_id", sample.document().id())
                        .put("completion", completion(sample.answer().text())))
                .toList();
    }

    private String completion(String answer) {
        int fence = instruct ? answer.indexOf(FENCE) : -1;
        return fence < 0 ? answer : answer.substring(0, fence);
    }
}
