package dev.razor.core.tokenizer;

import static dev.razor.core.tokenizer.TestFiles.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The golden renderings of Qwen2.5's own template, and templates of our own in the manner of other families,
/// whose expected texts were worked out by Jinja's rules.
class ChatTemplateTest {

    private static final List<Map<String, Object>> CHAT = List.of(
            message("system", " Be brief. "),
            message("user", "Hi"),
            message("assistant", " Hello "),
            message("user", "Bye"));

    @Test
    void render_equalsTheGoldenTextsAndIds() {
        JsonNode cases = TestFiles.golden("chat_template.json").get("cases");
        assertThat(cases.size()).isEqualTo(14);
        try (Tokenizer tokenizer = Tokenizer.load(TestFiles.MODEL)) {
            for (JsonNode one : cases.values()) {
                assertRendering(tokenizer, one, "text");
            }
        }
    }

    @Test
    @Tag("data")
    void render_equalsQwensGoldenTextsAndIds() throws IOException {
        Path directory = TestFiles.qwen();
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            List<JsonNode> lines = TestFiles.lines(directory.resolve("golden_chat.jsonl"));
            assertThat(lines).hasSize(8);
            for (JsonNode line : lines) {
                assertRendering(tokenizer, line, "rendered");
            }
        }
    }

    private static void assertRendering(Tokenizer tokenizer, JsonNode one, String textKey) {
        String text = tokenizer
                .requireChatTemplate()
                .render(
                        TestFiles.messages(one.get("messages")),
                        TestFiles.maps(one.get("tools")),
                        one.get("add_generation_prompt").booleanValue());
        assertThat(text).isEqualTo(one.get(textKey).stringValue());
        assertThat(tokenizer.encode(text)).isEqualTo(TestFiles.ids(one.get("ids")));
    }

    @Test
    void headersAndTrimming_inTheMannerOfLlama3() {
        String source = """
                {{- bos_token }}
                {%- if not date_string is defined %}
                    {%- if strftime_now is defined %}
                        {%- set date_string = strftime_now("%d %b %Y") %}
                    {%- endif %}
                {%- endif %}
                {#- the system's text comes first #}
                {%- if messages[0]['role'] == 'system' %}
                    {%- set system = messages[0]['content'] | trim %}
                    {%- set messages = messages[1:] %}
                {%- else %}
                    {%- set system = '' %}
                {%- endif %}
                {{- "<|start_header_id|>system<|end_header_id|>\\n\\n" + "Today Date: " + date_string + "\\n\\n" + system + "<|eot_id|>" }}
                {%- for message in messages %}
                    {%- if not (message.role == 'ipython' or 'tool_calls' in message) %}
                        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
                    {%- elif 'tool_calls' in message %}
                        {%- if not message.tool_calls|length == 1 %}
                            {{- raise_exception("one call at a time") }}
                        {%- endif %}
                        {%- set call = message.tool_calls[0].function %}
                        {{- '{"name": "' + call.name + '", "parameters": ' }}{{- call.arguments | tojson }}{{- "}" }}
                    {%- endif %}
                {%- endfor %}
                {%- if add_generation_prompt %}
                    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
                {%- endif %}
                """;
        ChatTemplate template = ChatTemplate.parse(
                "llama",
                source,
                Map.of("bos_token", "<|begin_of_text|>"),
                Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC));
        assertThat(template.render(CHAT, null, true))
                .isEqualTo("<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n"
                        + "Today Date: 26 Jul 2024\n\nBe brief.<|eot_id|>"
                        + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|>"
                        + "<|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\n");
        Map<String, Object> call = Map.of("function", Map.of("name", "f", "arguments", Map.of("x", List.of(1, "ü"))));
        assertThat(template.render(
                        List.of(Map.of("role", "assistant", "content", "", "tool_calls", List.of(call))), null, false))
                .endsWith("<|eot_id|>{\"name\": \"f\", \"parameters\": {\"x\": [1, \"ü\"]}}");
        assertThatThrownBy(() -> template.render(
                        List.of(Map.of("role", "assistant", "tool_calls", List.of(call, call))), null, false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("one call at a time")
                .hasMessageContaining("line 20");
    }

    @Test
    void alternatingRoles_inTheMannerOfGemma() {
        String source = """
                {{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}\
                {% endif %}{% for message in messages %}\
                {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
                {{ raise_exception('Roles must alternate, got ' + message.role) }}{% endif %}\
                {% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}\
                {% set role = message['role'] %}{% endif %}\
                {{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}\
                {% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}""";
        ChatTemplate template = ChatTemplate.parse("gemma", source, Map.of("bos_token", "<bos>"));
        assertThat(template.render(CHAT.subList(1, 4), null, true)).isEqualTo("""
                        <bos><start_of_turn>user
                        Hi<end_of_turn>
                        <start_of_turn>model
                        Hello<end_of_turn>
                        <start_of_turn>user
                        Bye<end_of_turn>
                        <start_of_turn>model
                        """);
        assertThatThrownBy(() -> template.render(CHAT, null, true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("System role not supported");
        assertThatThrownBy(() -> template.render(List.of(CHAT.get(1), CHAT.get(3)), null, true))
                .hasMessageContaining("Roles must alternate, got user");
    }

    @Test
    void countingInANamespace_inTheMannerOfMistral() {
        String source = """
                {%- set ns = namespace(turns=0) %}
                {%- if messages[0]["role"] == "system" %}
                    {%- set system_message = messages[0]["content"] %}
                    {%- set loop_messages = messages[1:] %}
                {%- else %}
                    {%- set loop_messages = messages %}
                {%- endif %}
                {{- bos_token }}
                {%- for message in loop_messages %}
                    {%- if message["role"] == "user" %}
                        {%- set ns.turns = ns.turns + 1 %}
                        {%- if tools is not none and (message == loop_messages[-1]) %}
                            {{- "[AVAILABLE_TOOLS] [" }}
                            {%- for tool in tools %}
                                {%- set tool = tool.function %}
                                {{- '{"type": "function", "function": {' }}
                                {%- for key, val in tool.items() if key != "return" %}
                                    {%- if val is string %}
                                        {{- '"' + key + '": "' + val + '"' }}
                                    {%- else %}
                                        {{- '"' + key + '": ' + val|tojson }}
                                    {%- endif %}
                                    {%- if not loop.last %}
                                        {{- ", " }}
                                    {%- endif %}
                                {%- endfor %}
                                {{- "}}" }}
                            {%- endfor %}
                            {{- "][/AVAILABLE_TOOLS]" }}
                        {%- endif %}
                        {%- if loop.last and system_message is defined %}
                            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
                        {%- else %}
                            {{- "[INST] " + message["content"] + "[/INST]" }}
                        {%- endif %}
                    {%- elif message["role"] == "assistant" %}
                        {{- " " + message["content"]|trim + eos_token}}
                    {%- endif %}
                {%- endfor %}
                {{- ns.turns }}
                """;
        ChatTemplate template = ChatTemplate.parse("mistral", source, Map.of("bos_token", "<s>", "eos_token", "</s>"));
        assertThat(template.render(CHAT, null, true))
                .isEqualTo("<s>[INST] Hi[/INST] Hello</s>[INST]  Be brief. \n\nBye[/INST]2");
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", "f");
        function.put("return", "dropped");
        function.put("strict", true);
        assertThat(template.render(CHAT.subList(1, 2), List.of(Map.of("function", function)), true))
                .isEqualTo(
                        "<s>[AVAILABLE_TOOLS] [{\"type\": \"function\", \"function\": {\"name\": \"f\", \"strict\": true}}]"
                                + "[/AVAILABLE_TOOLS][INST] Hi[/INST]1");
    }

    /// `trim_blocks` takes the newline after each tag, `lstrip_blocks` the blanks before it; the newline after
    /// the output stays, and so do the blanks before it.
    @Test
    void blocksWithoutMarkers_inTheMannerOfChatMl() {
        String source = """
                {% for message in messages %}
                  {% if message.content is string %}
                <|im_start|>{{ message.role }}
                {{ message.content }}<|im_end|>
                  {% else %}
                    {% for part in message.content if part.type == 'text' %}
                  {{ part.text }}
                    {% endfor %}
                  {% endif %}
                {% endfor %}
                {% if add_generation_prompt %}
                <|im_start|>assistant
                {% endif %}
                """;
        ChatTemplate template = ChatTemplate.parse("chatml", source, Map.of());
        List<Map<String, Object>> messages = new ArrayList<>(CHAT.subList(1, 2));
        messages.add(Map.of(
                "role", "user", "content", List.of(Map.of("type", "image"), Map.of("type", "text", "text", "look"))));
        assertThat(template.render(messages, null, true))
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n  look\n<|im_start|>assistant\n");
    }

    @Test
    void messageWithoutContent_isRefused() {
        try (Tokenizer tokenizer = Tokenizer.load(TestFiles.MODEL)) {
            ChatTemplate template = tokenizer.requireChatTemplate();
            assertThatThrownBy(() -> template.render(List.of(Map.of("role", "user")), null, true))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("tokenizer_config.json: chat_template")
                    .hasMessageContaining("no element 'content'");
        }
    }
}
