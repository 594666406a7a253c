package dev.razor.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.testing.SharedData;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ToolUseTest {

    private static final String API =
            "{\"Name\": \"Days\", \"Description\": \"Public % days\", \"NLDocumentation\": \"get: Gets\\nOutput: x\\n\", ";

    @Test
    void prompt_isTheTemplateOfTheStudy() {
        String content = ToolUse.prompt("N", "D", "f: does\n", "Why?")
                .path(0)
                .path("content")
                .asString();
        assertThat(content)
                .isEqualTo(
                        "Your task is to answer the user's question using available tools. \nYou have access to the following tools:\nName: N\nDescription: D\nDocumentation:\nf: does\n\nUse the following format:\nThought: you should always think about what to do\nAction: the action to take, should be one of the tool names.\nAction Input: the input to the action, must be in JSON format. All of the action input must be realistic and from the user.\n\nBegin!\nQuestion: Why?");
        assertThat(ToolUse.prompt("N", "D", "f", "Why?")).hasSize(1);
    }

    @Test
    void evaluationForm_givesARecordAQuestion_withoutThoseWhoseCallsHoldPlaces() {
        PreparedTasks out = Sources.prepared(Task.TOOLUSE, API + """
                "Instructions": ["a?", "b?"], "Golden_Answers": [
                  [{"Action": "get", "Action_Input": "{\\"y\\": 1}"}],
                  [{"Action": "get", "Action_Input": "{}"}, {"Action": "put", "Action_Input": "{\\"id\\": ${id}}"}]]}""");
        assertThat(out.tasks()).hasSize(1);
        PreparedTask task = out.tasks().getFirst();
        assertThat(task.node().propertyNames()).containsExactly("id", "prompt", "golden_answer", "name");
        assertThat(Sources.content(task, 0))
                .contains("Name: Days\nDescription: Public % days\nDocumentation:\nget: Gets\nOutput: x\n\nUse the")
                .endsWith("Begin!\nQuestion: a?");
        assertThat(task.node().path("golden_answer").toString())
                .isEqualTo("[{\"Action\":\"get\",\"Action_Input\":\"{\\\"y\\\": 1}\"}]");
        assertThat(task.group()).isEqualTo("days");
        assertThat(out.leftOut()).isEqualTo(Map.of("a right call whose input is no JSON object", 1));
    }

    @Test
    void questionForm_isTakenAsItStands_withItsDemonstration() {
        PreparedTasks out = Sources.prepared(Task.TOOLUSE, """
                {"prompt": " as it is\\n", "name": "Days", "golden_answer": [{"Action": "get", "Action_Input": "{}"}],
                 "golden_response": ["Thought: x\\nAction: get\\nAction Input: {}", "Thought: y"]}""");
        PreparedTask task = out.tasks().getFirst();
        assertThat(Sources.content(task, 0)).isEqualTo(" as it is\n");
        assertThat(task.node().path("completion").toString())
                .isEqualTo(
                        "[{\"role\":\"assistant\",\"content\":\"Thought: x\\nAction: get\\nAction Input: {}\\nThought: y\"}]");
    }

    /// The form that ToolAlpaca's README documents for its training file.
    @Test
    void trainingForm_givesTheCallsAndTheirThoughts() {
        PreparedTasks out = Sources.prepared(Task.TOOLUSE, API + """
                "Instances": [
                  {"input": "a?\\nHint: look", "output": "done", "intermediate_steps": [
                    [["getDetails", "{}", " Details.\\nAction: getDetails\\nAction Input: {}"], "what?"],
                    [["get", "{\\"y\\": 1}", " I get it.\\nAction: get\\nAction Input: {\\"y\\": 1}"], "Status Code: 200. Response: 1"],
                    [["put", "{}", "Thought: I put it.\\nAction: put\\nAction Input: {}"], "Status Code: 201. Response: 2"]]},
                  {"input": "failed?", "intermediate_steps": [[["get", "{}", " x"], "Status Code: 400. Response: no"]]},
                  {"input": "no json?", "intermediate_steps": [[["get", "y=1", " x"], "Status Code: 200. Response: 1"]]},
                  {"input": "details only?", "intermediate_steps": [[["getDetails", "{}", " x"], "what?"]]},
                  {"input": "none?", "intermediate_steps": []},
                  {"input": "error?"},
                  {"input": "long?", "intermediate_steps": [1, 2, 3, 4, 5, 6]}]}""");
        out.requireGood("train_data.json");
        assertThat(out.tasks()).hasSize(1);
        PreparedTask task = out.tasks().getFirst();
        assertThat(Sources.content(task, 0)).endsWith("Question: a?");
        assertThat(task.node().path("golden_answer").toString())
                .isEqualTo(
                        "[{\"Action\":\"get\",\"Action_Input\":\"{\\\"y\\\": 1}\"},{\"Action\":\"put\",\"Action_Input\":\"{}\"}]");
        assertThat(task.node().path("completion").path(0).path("content").asString())
                .isEqualTo(
                        "Thought: I get it.\nAction: get\nAction Input: {\"y\": 1}\nThought: I put it.\nAction: put\nAction Input: {}");
        assertThat(out.leftOut())
                .isEqualTo(Map.of(
                        "instance with a failed call", 2,
                        "instance without calls", 3,
                        "instance of more than 5 steps", 1));
    }

    @Test
    void otherForms_areOneLineEach() {
        PreparedTasks out = Sources.prepared(
                Task.TOOLUSE,
                "{\"question\": \"?\"}",
                API + "\"Instructions\": [\"a?\"], \"Golden_Answers\": []}",
                API + "\"Instructions\": [\"a?\"], \"Golden_Answers\": [[]]}",
                API + "\"Instances\": [{\"input\": \"?\", \"intermediate_steps\": [[\"get\"]]}]}",
                "{\"prompt\": \"?\", \"golden_answer\": [{\"Action\": \" \", \"Action_Input\": \"{}\"}]}");
        assertThatThrownBy(() -> out.requireGood("source.jsonl"))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "source.jsonl:1: has none of prompt, Golden_Answers and Instances; give ToolAlpaca's files, or records of prompt, golden_answer and golden_response",
                                        "source.jsonl:1: Golden_Answers: has 0 for 1 Instructions",
                                        "source.jsonl:1: Golden_Answers[0]: is empty; a question needs at least one call",
                                        "source.jsonl:1: Instances[0].intermediate_steps: expected [[[action, input, text], observation], ...] of texts",
                                        "source.jsonl:1: golden_answer[0].Action: is empty; name the function that is called"));
    }

    @Test
    @Tag("data")
    void realRecords_givePromptsThatTheSelfDistillationPaperShips() {
        List<PreparedTask> simulated =
                Sources.prepared(Task.TOOLUSE, SharedData.at("train/toolalpaca/eval_simulated.json"));
        Set<String> shipped = Sources.shipped("shipped-tooluse.txt");
        assertThat(shipped).hasSize(68);
        assertThat(simulated).hasSize(40).allMatch(task -> shipped.contains(Sources.digest(Sources.content(task, 0))));
        assertThat(new HashSet<>(simulated.stream().map(PreparedTask::group).collect(Collectors.toSet())))
                .hasSize(6);
        List<PreparedTask> real = Sources.prepared(Task.TOOLUSE, SharedData.at("train/toolalpaca/eval_real.json"));
        assertThat(real).hasSize(76);
    }
}
