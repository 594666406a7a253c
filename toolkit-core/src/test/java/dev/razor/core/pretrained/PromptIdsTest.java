package dev.razor.core.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.testing.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class PromptIdsTest {

    private static PretrainedModel model;

    @BeforeAll
    static void load() {
        model = PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static JsonRecord record(ObjectNode node) {
        return new JsonRecord(Path.of("p.jsonl"), 3, node);
    }

    private static JsonRecord record(String json) {
        return record((ObjectNode) JsonMapper.shared().readTree(json));
    }

    @Test
    void promptAsMessages_hasTheTokensOfMessages_theGoldenOnes() {
        int conversations = 0;
        for (JsonNode prompt : Golden.json("prompts.json").path("prompts")) {
            if (prompt.path("messages").isArray()) {
                ObjectNode asPrompt = JsonMapper.shared().createObjectNode();
                asPrompt.set("prompt", prompt.get("messages"));
                ObjectNode asMessages = JsonMapper.shared().createObjectNode();
                asMessages.set("messages", prompt.get("messages"));
                assertThat(PromptIds.of(record(asPrompt), model))
                        .isEqualTo(PromptIds.of(record(asMessages), model))
                        .isEqualTo(Golden.ids(prompt.path("ids")));
                conversations++;
            }
        }
        assertThat(conversations).isPositive();
    }

    @Test
    void promptAsMessages_isRenderedWithTools() {
        String tools = "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"look\", \"parameters\": {}}}]";
        String messages = "[{\"role\": \"user\", \"content\": \"Hi\"}]";
        assertThat(PromptIds.of(record("{\"prompt\": %s, %s}".formatted(messages, tools)), model))
                .isEqualTo(PromptIds.of(record("{\"messages\": %s, %s}".formatted(messages, tools)), model))
                .hasSizeGreaterThan(PromptIds.of(record("{\"prompt\": %s}".formatted(messages)), model).length);
    }

    @Test
    void promptAsText_isTakenAsItStands() {
        assertThat(PromptIds.of(record("{\"prompt\": \"Hi\"}"), model))
                .isEqualTo(PromptIds.ofText("Hi", model.tokenizer()));
        assertThat(PromptIds.isConversation(record("{\"prompt\": \"Hi\"}"))).isFalse();
        assertThat(PromptIds.isConversation(record("{\"prompt_ids\": [1]}"))).isFalse();
        assertThat(PromptIds.isConversation(record("{\"prompt\": []}"))).isTrue();
        assertThat(PromptIds.isConversation(record("{\"messages\": []}"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"prompt": []}                                              | p.jsonl:3: prompt: is empty; a conversation needs a message
            {"prompt": ["Hi"]}                                          | p.jsonl:3: prompt[0]: expected an object, got "Hi"
            {"prompt": [{"role": "usr", "content": "Hi"}]}              | p.jsonl:3: prompt[0].role: got usr; the roles are system, developer, user, assistant, tool, function
            {"prompt": [{"role": "user", "content": 1}]}                | p.jsonl:3: prompt[0].content: expected a string, got 1
            {"prompt": [{"role": "assistant", "content": "A"}]}         | p.jsonl:3: prompt: ends with a turn of the assistant, so that there is nothing to answer; remove it
            {"prompt": 7}                                               | p.jsonl:3: prompt: expected a string, got 7
            {"prompt": [{"role": "user", "content": "Hi"}], "messages": [{"role": "user", "content": "Hi"}]} | p.jsonl:3: has prompt and messages; give exactly one of prompt, prompt_ids and messages
            """)
    void whatIsNoPrompt_isOneLine(String json, String problem) {
        assertThatThrownBy(() -> PromptIds.of(record(json), model))
                .isInstanceOf(DataException.class)
                .hasMessage(problem);
    }
}
