package dev.razor.eval.benchmarks;

import dev.razor.eval.generative.Decoding;
import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.Turn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model writes for HumanEval's functions ([HumanEval] has the definition). Marking them means running
/// them, which is done apart; so there are no metrics here, only completions.
///
/// @param task which of them
public record HumanEvalGeneration(HumanEval task) implements GenerativeBenchmark {

    @Override
    public String name() {
        return task.taskName();
    }

    @Override
    public double version() {
        return task.version();
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(HumanEval.STOPS, HumanEval.MAX_NEW_TOKENS);
    }

    @Override
    public Decoding decoding() {
        return task.decoding();
    }

    /// None: see the class.
    @Override
    public List<GenerativeMetric> metrics() {
        return List.of();
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        ZeroShot.require(name(), numFewshot, "takes no examples");
        return HumanEval.problems(data).stream().map(this::document).toList();
    }

    private GenerativeDocument document(HumanEval.Problem problem) {
        List<Turn> turns = new ArrayList<>();
        turns.add(new Turn("user", task.promptText(problem), ""));
        if (!task.answerPrefix(problem).isEmpty()) {
            turns.add(new Turn("assistant", task.answerPrefix(problem), ""));
        }
        return new GenerativeDocument(problem.taskId(), turns, "", _ -> Map.of());
    }

    /// The lines `{"task_id", "completion"}` of what was written, in the order of the tasks.
    public List<ObjectNode> completions(GenerativeResult result) {
        return result.samples().stream()
                .map(sample -> JsonNodeFactory.instance
                        .objectNode()
                        .put("task_id", sample.document().id())
                        .put("completion", task.completion(sample.answer().text())))
                .toList();
    }
}
