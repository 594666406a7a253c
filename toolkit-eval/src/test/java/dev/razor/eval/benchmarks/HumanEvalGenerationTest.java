package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.testing.SharedData;
import dev.razor.eval.generative.Answer;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.Answers;
import dev.razor.eval.generative.Decoding;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeEvaluator;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.GenerativeSample;
import dev.razor.eval.generative.Resume;
import dev.razor.eval.generative.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HumanEvalGenerationTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static final AnswerPrompt CHAT = new AnswerPrompt.Chat((messages, _) ->
            "U:" + messages.getFirst().content() + "A:" + messages.getLast().content() + "<end>");

    private static String completion(HumanEvalGeneration task, String answer) {
        var document = new GenerativeDocument("HumanEval/0", List.of(new Turn("user", "def f", "")), "", _ -> Map.of());
        var sample = new GenerativeSample(0, document, "def f", new Answer(answer, 1, true, 0), Map.of());
        return task.completions(new GenerativeResult(task.name(), 1, 0, 1, task.limits(), List.of(), List.of(sample)))
                .getFirst()
                .toString();
    }

    @Test
    void completions_instructEndsBeforeTheFence() {
        assertThat(completion(new HumanEvalGeneration(HumanEval.COMPLETION), "    return 1 ```x"))
                .isEqualTo("{\"task_id\":\"HumanEval/0\",\"completion\":\"    return 1 ```x\"}");
        assertThat(completion(new HumanEvalGeneration(HumanEval.INSTRUCT), "    return 1\n```\nDone"))
                .isEqualTo("{\"task_id\":\"HumanEval/0\",\"completion\":\"    return 1\\n\"}");
        assertThat(new HumanEvalGeneration(HumanEval.COMPLETION).limits().cut("    return 1\n\n\ndef g():"))
                .isEqualTo("    return 1\n\n");
    }

    /// Two problems, the first one asked: 64 completions of it, each with a seed of its own, in lines of their
    /// own. What is kept of an interrupted run is of one seed.
    @Test
    void run_of64_asksEachProblem64Times() throws IOException {
        Path data = Files.createDirectories(folder.resolve("humaneval"));
        String record = "{\"task_id\": \"T/%d\", \"prompt\": \"def f():\\n\", \"entry_point\": \"f\", \"test\": \"\"}";
        Files.write(data.resolve("HumanEval.jsonl"), List.of(record.formatted(0), record.formatted(1)));
        HumanEvalGeneration task = new HumanEvalGeneration(HumanEval.COMPLETION_64);
        Set<Long> seeds = new HashSet<>();
        Answers model = (requests, _, decoding) -> {
            assertThat(decoding).isEqualTo(new Decoding(0.2, 0.95, 64));
            requests.forEach(request -> seeds.add(request.seed()));
            return requests.stream()
                    .map(request -> new Answer("    return " + request.seed(), 1, true, 0))
                    .toList();
        };
        Resume resume = new Resume(folder, "hash", "float32");
        GenerativeResult result = run(task, model, 7, resume);
        assertThat(result.available()).isEqualTo(2);
        assertThat(seeds).hasSize(64);
        assertThat(task.completions(result))
                .hasSize(64)
                .doesNotHaveDuplicates()
                .allMatch(line -> line.path("task_id").asString().equals("T/0"));
        assertThatThrownBy(() -> run(task, model, 8, resume)).hasMessageContaining("seed was 7 and is 8 now");
        assertThat(HumanEval.INSTRUCT_64.passAt()).containsExactly(2, 8, 16, 32, 64);
    }

    private GenerativeResult run(HumanEvalGeneration task, Answers model, long seed, Resume resume) {
        var options = new GenerativeEvaluator.Options(
                OptionalInt.of(1), OptionalInt.empty(), false, seed, () -> (AnswerPrompt.Chat) CHAT);
        return new GenerativeEvaluator(model, 10, (_, _, _, _) -> {}).run(task, folder, options, resume);
    }

    @Test
    @Tag("data")
    void load_all164_rawAndInChat() {
        List<GenerativeDocument> raw = new HumanEvalGeneration(HumanEval.COMPLETION).load(SharedData.at("eval"), 0);
        assertThat(raw).hasSize(164);
        String prompt = raw.getFirst().prompt(new AnswerPrompt.Plain());
        assertThat(prompt)
                .startsWith("from typing import List\n\n\ndef has_close_elements")
                .endsWith("\"\"\"\n");
        GenerativeDocument chat = new HumanEvalGeneration(HumanEval.INSTRUCT)
                .load(SharedData.at("eval"), 0)
                .getFirst();
        String answer = "Here is the completed function:\n```python\n" + prompt + "\n";
        String request =
                "Write a solution to the following problem and make sure that it passes the tests:\n```python\n"
                        + prompt + "\n```\n";
        assertThat(chat.prompt(CHAT)).isEqualTo("U:" + request + "A:" + answer);
        assertThat(chat.prompt(new AnswerPrompt.Plain())).isEqualTo(request + answer);
    }
}
