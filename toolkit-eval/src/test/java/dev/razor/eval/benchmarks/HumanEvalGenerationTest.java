package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.SharedData;
import dev.razor.eval.generative.Answer;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.GenerativeSample;
import dev.razor.eval.generative.Turn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HumanEvalGenerationTest {

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
