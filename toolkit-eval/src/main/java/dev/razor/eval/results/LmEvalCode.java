package dev.razor.eval.results;

import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import dev.razor.eval.code.CodeResult;
import dev.razor.eval.code.CodeSample;
import dev.razor.eval.generative.GenerationLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Completions that were run, in the terms of lm-evaluation-harness: a line a problem, whose `resps` are its
/// completions and whose `filtered_resps` the programs made of them. The prompt is the task's own; whether a chat
/// template stood around it, a file of completions does not say.
final class LmEvalCode {

    /// The harness's name for putting prompt and completion together.
    private static final String FILTER = "create_test";

    private LmEvalCode() {}

    /// @param ks the k of pass@k
    static LmEvalTask task(CodeResult result, List<Integer> ks) {
        ObjectNode generation =
                LmEvalAnswers.generation(new GenerationLimits(HumanEval.STOPS, HumanEval.MAX_NEW_TOKENS));
        return new LmEvalTask(
                result.task().taskName(),
                result.task().version(),
                0,
                result.available(),
                result.problems(),
                ks.stream()
                        .map(result::passAt)
                        .map(value -> new LmEvalTask.Metric(value.metric(), FILTER, value))
                        .toList(),
                generation,
                result.byProblem().stream()
                        .map(samples -> sample(result.task(), samples, ks, generation))
                        .toList());
    }

    private static LmEvalSample sample(
            HumanEval task, List<CodeSample> samples, List<Integer> ks, ObjectNode generation) {
        Problem problem = samples.getFirst().problem();
        ArrayNode responses = JsonMapper.shared().createArrayNode();
        ArrayNode programs = JsonMapper.shared().createArrayNode();
        for (CodeSample sample : samples) {
            responses.add(sample.completion());
            programs.add(problem.prompt() + task.completion(sample.completion()));
        }
        SequencedMap<String, JsonNode> metrics = new LinkedHashMap<>();
        ks.forEach(k -> metrics.put("pass@" + k, JsonNodeFactory.instance.numberNode(CodeResult.passAt(k, samples))));
        return new LmEvalSample(
                samples.getFirst().problemIndex(),
                JsonMapper.shared()
                        .createObjectNode()
                        .put("task_id", problem.taskId())
                        .put("prompt", problem.prompt())
                        .put("test", problem.test())
                        .put("entry_point", problem.entryPoint()),
                "%s\ncheck(%s)".formatted(problem.test(), problem.entryPoint()),
                List.of(new LmEvalSample.Request(
                        task.promptText(problem) + task.answerPrefix(problem), generation, responses, programs)),
                FILTER,
                metrics);
    }
}
