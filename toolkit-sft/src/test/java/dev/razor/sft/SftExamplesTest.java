package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.ParquetFiles;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.sft.SftConfig.LengthPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class SftExamplesTest {

    private static final Tokenizer TOKENIZER = Tokenizer.load(Golden.model());
    private static final int VOCABULARY = 784;
    private static final int END = 748;

    @TempDir
    private Path directory;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    private Path file(String... lines) {
        try {
            return Files.writeString(directory.resolve("data.jsonl"), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<TokenSequence> read(int maxLength, String... lines) {
        return data(LengthPolicy.TRUNCATE, maxLength, VOCABULARY, file(lines)).sequences();
    }

    private static SftData data(LengthPolicy policy, int maxLength, int vocabulary, Path... entries) {
        return SftData.read("data", List.of(entries), new LengthLimit(maxLength, policy), TOKENIZER, vocabulary);
    }

    private String problem(int maxLength, int vocabulary, String... lines) {
        Path file = file(lines);
        DataException e = catchThrowableOfType(
                DataException.class, () -> data(LengthPolicy.TRUNCATE, maxLength, vocabulary, file));
        assertThat(e).as(String.join("\n", lines)).isNotNull();
        assertThat(e.problems()).hasSize(1);
        assertThat(e.problems().getFirst()).startsWith(file.toString()).doesNotContainPattern("\\R");
        return e.problems().getFirst().substring(file.toString().length());
    }

    /// Trained are the tokens after the prompt's own, and the end token.
    @Test
    void read_ofPromptAndCompletion_trainsTheCompletionAndTheEnd() {
        TokenSequence example = read(100, "{\"prompt\": \"The answer is\", \"completion\": \" 42.\"}")
                .getFirst();
        int prompt = TOKENIZER.encode("The answer is").length;
        int[] text = TOKENIZER.encode("The answer is 42.");
        assertThat(example.ids()).startsWith(text).hasSize(text.length + 1).endsWith(END);
        for (int t = 0; t < example.length(); t++) {
            assertThat(example.marked()[t]).as("token %d", t).isEqualTo(t >= prompt);
        }
        assertThat(example.predictions()).isEqualTo(text.length - prompt + 1);
    }

    /// An empty prompt is nothing to continue: the whole text is trained but for its first token, which nothing
    /// predicts.
    @Test
    void read_ofAnEmptyPrompt_trainsTheWholeText() {
        TokenSequence example =
                read(100, "{\"prompt\": \"\", \"completion\": \"The answer\"}").getFirst();
        assertThat(example.marked()).containsOnly(true);
        assertThat(example.predictions()).isEqualTo(example.length() - 1);
    }

    @Test
    void read_ofMessages_givesTheReferenceRows() {
        JsonNode rows = Golden.json("sft_loss.json").path("rows");
        String[] lines = new String[rows.size()];
        for (int i = 0; i < lines.length; i++) {
            ObjectNode record = JsonMapper.shared().createObjectNode();
            var messages = record.putArray("messages");
            // Without one the template puts Qwen's own system message, whose tokens these rows hold.
            if (!TOKENIZER.decode(Golden.ids(rows.get(i).path("prompt_ids"))).contains("You are Qwen")) {
                messages.addObject().put("role", "system").put("content", "You are a helpful assistant.");
            }
            messages.addObject()
                    .put("role", "user")
                    .put("content", rows.get(i).path("question").asString());
            messages.addObject()
                    .put("role", "assistant")
                    .put("content", rows.get(i).path("answer").asString());
            lines[i] = record.toString();
        }
        List<TokenSequence> examples = read(100, lines);
        List<TokenSequence> expected = SftTesting.rows("sft_loss.json");
        for (int i = 0; i < lines.length; i++) {
            // Qwen's template ends a turn with a newline after the end token, which no row of the reference has.
            int length = expected.get(i).length();
            assertThat(Arrays.copyOf(examples.get(i).ids(), length))
                    .containsExactly(expected.get(i).ids());
            assertThat(Arrays.copyOf(examples.get(i).marked(), length))
                    .containsExactly(expected.get(i).marked());
            assertThat(examples.get(i).predictions()).isEqualTo(expected.get(i).predictions());
        }
    }

    @Test
    void read_ofAConversation_trainsEveryAssistantTurnWithItsEnd() {
        TokenSequence example = read(200, """
                        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, \
                        {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}""").getFirst();
        StringBuilder trained = new StringBuilder();
        for (int t = 0; t < example.length(); t++) {
            if (example.marked()[t]) {
                trained.append(TOKENIZER.decode(new int[] {example.ids()[t]}));
            }
        }
        assertThat(trained).hasToString("b<|im_end|>d<|im_end|>");
    }

    @Test
    void read_cutsLongRecordsAtTheirEnd() {
        String line = "{\"prompt\": \"The answer is\", \"completion\": \" 42 and nothing else.\"}";
        TokenSequence whole = read(100, line).getFirst();
        TokenSequence cut = read(whole.length() - 2, line).getFirst();
        assertThat(cut.ids()).containsExactly(Arrays.copyOf(whole.ids(), whole.length() - 2));
        assertThat(cut.predictions()).isEqualTo(whole.predictions() - 2);
    }

    /// A record and what its problem says.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"prompt": "a"}                                    | :2: completion: missing; the fields are prompt
            {"completion": "a"}                                | :2: prompt: missing
            {"prompt": "a", "completion": ""}                  | :2: completion: is empty
            {"prompt": "a", "completion": null}                | :2: completion: expected a string, got null
            {"prompt": "a", "completion": 4}                   | :2: completion: expected a string, got 4
            {"prompt": ["a"], "completion": "b"}               | :2: prompt: expected a string, got ["a"]
            {"text": "a"}                                      | :2: has neither messages nor prompt and completion
            {}                                                 | :2: has neither messages nor prompt and completion
            {"messages": "a"}                                  | :2: messages: expected a list, got "a"
            {"messages": []}                                   | :2: messages: is empty
            {"messages": ["a"]}                                | :2: messages[0]: expected an object, got "a"
            {"messages": [{"content": "a"}]}                   | :2: messages[0].role: missing
            {"messages": [{"role": 1, "content": "a"}]}        | :2: messages[0].role: expected a string, got 1
            {"messages": [{"role": "user", "content": "a"}]}   | :2: messages: there is no turn to train on
            {"messages": [{"role": "assistant"}]}              | :2: messages[0].content: missing
            {"messages": [{"role": "assistant", "content": 5}]} | :2: messages[0].content: expected a string, got 5
            {"messages": [{"role": "wizard", "content": "a"}, {"role": "assistant", "content": "b"}]} | :2: messages[0].role: got wizard
            {"messages": [{"role": "assistant", "content": ""}]} | :2: messages[0].content: is empty; there is nothing to train on
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": []}]} | :2: messages[1].content: is empty
            {"messages": [{"role": "assistant", "content": "a"}], "completion": "b"} | :2: has both messages and completion; give one of the two forms
            {"prompt": [{"role": "user", "content": "a"}], "completion": "b"} | :2: prompt: expected a string, got [{"role"
            {"prompt": "a", "completion": [{"role": "assistant", "content": "a"}]} | :2: completion: expected a string, got [{"role"
            {"prompt": "a", "completion": "b"                  | :2:
            [1]                                                | :2:
            7                                                  | :2:
            {"prompt": "a", "prompt": "b", "completion": "c"}  | :2:
            """)
    void read_refusesABadRecord_namingLineFieldAndValue(String line, String saying) {
        String good = line.contains("messages")
                ? "{\"messages\": [%s, %s]}".formatted(USER, ASSISTANT)
                : "{\"prompt\": \"good\", \"completion\": \"one\"}";
        assertThat(problem(100, VOCABULARY, good, line)).startsWith(saying.strip());
    }

    @Test
    void read_refusesEmptyAndMissingFiles() {
        assertThat(problem(100, VOCABULARY, "")).contains("holds no records");
        assertThat(problem(100, VOCABULARY, "", "  ", "")).contains("holds no records");
        Path none = directory.resolve("none.jsonl");
        assertThat(catchThrowableOfType(DataException.class, () -> data(LengthPolicy.DROP, 100, VOCABULARY, none))
                        .getMessage())
                .startsWith(none.toString());
    }

    @Test
    void read_refusesAPromptThatFillsTheContext() {
        String line = "{\"prompt\": \"" + "The answer is. ".repeat(20) + "\", \"completion\": \"a\"}";
        assertThat(problem(16, VOCABULARY, line))
                .isEqualTo(": none of its 1 records has something to train on within max_length = 16 tokens; raise"
                        + " max_length (max_length_policy is truncate)");
    }

    @Test
    void read_refusesIdsOutsideTheModelsVocabulary() {
        assertThat(problem(100, 100, "{\"prompt\": \"<|im_end|>\", \"completion\": \"b\"}"))
                .startsWith(":1: holds token 748, but the model's vocabulary has 100 ids");
    }

    private static String trained(TokenSequence sequence) {
        int[] ids = IntStream.range(0, sequence.length())
                .filter(t -> sequence.marked()[t])
                .map(t -> sequence.ids()[t])
                .toArray();
        return TOKENIZER.decode(ids);
    }

    private static String conversation(String prompt, String completion) {
        return "{\"prompt\": [%s], \"completion\": [%s]}".formatted(prompt, completion);
    }

    private static final String USER = "{\"role\": \"user\", \"content\": \"a\"}";
    private static final String ASSISTANT = "{\"role\": \"assistant\", \"content\": \"b\"}";
    private static final String SECOND = "{\"role\": \"assistant\", \"content\": \"d\"}";

    /// The same tokens as the conversation as a whole, but only the completion's turns are trained.
    @Test
    void read_ofPromptAndCompletionAsMessages_trainsTheCompletionsTurns() {
        TokenSequence example = read(
                        200, conversation(USER + "," + ASSISTANT + "," + USER, SECOND + "," + USER + "," + ASSISTANT))
                .getFirst();
        TokenSequence whole = read(
                        200,
                        "{\"messages\": [%s]}"
                                .formatted(String.join(",", USER, ASSISTANT, USER, SECOND, USER, ASSISTANT)))
                .getFirst();
        assertThat(example.ids()).containsExactly(whole.ids());
        assertThat(trained(example)).isEqualTo("d<|im_end|>b<|im_end|>");
        assertThat(trained(whole)).isEqualTo("b<|im_end|>d<|im_end|>b<|im_end|>");
    }

    @Test
    void read_refusesABadConversation_namingWhere() {
        String good = conversation(USER, ASSISTANT);
        assertThat(read(200, good)).hasSize(1);
        String[][] bad = {
            {conversation("", ASSISTANT), "prompt: is empty; a conversation needs a message"},
            {conversation(USER, ""), "completion: is empty; a conversation needs a message"},
            {conversation(USER, USER), "completion: there is no turn to train on, got the roles [user]"},
            {conversation(USER + "," + ASSISTANT, SECOND), "prompt: ends with a turn of the assistant"},
            {conversation(USER, "{\"role\": \"wizard\", \"content\": \"b\"}"), "completion[0].role: got wizard"},
            {
                conversation(USER, USER + ",{\"role\": \"assistant\", \"content\": \"\"}"),
                "completion[1].content: is empty; there is nothing to train on"
            },
        };
        for (String[] line : bad) {
            assertThat(problem(200, VOCABULARY, good, line[0])).startsWith(":2: " + line[1]);
        }
    }

    @Test
    void read_refusesAFileThatMixesForms_namingTheFirstOfEach() {
        String text = "{\"prompt\": \"a\", \"completion\": \"b\"}";
        String messages = "{\"messages\": [%s, %s], \"prompt\": \"shown beside it\"}".formatted(USER, ASSISTANT);
        assertThat(read(100, messages, messages)).hasSize(2);
        Path mixed = file(text, text, messages, text, messages);
        assertThatThrownBy(() -> data(LengthPolicy.TRUNCATE, 100, VOCABULARY, mixed))
                .isInstanceOf(DataException.class)
                .hasMessage(("%s:3: has messages, but the first record (%s:1) has prompt and completion as text;"
                                + " give each form a file of its own")
                        .formatted(mixed, mixed));
        assertThat(problem(100, VOCABULARY, messages, conversation(USER, ASSISTANT)))
                .startsWith(":2: has prompt and completion as lists of messages, but the first record (");
    }

    /// Parquet gives every record both forms' columns, one of them null.
    @Test
    void read_ofParquet_givesTheSequencesOfTheSameJsonl() {
        String[] lines = {
            "{\"messages\": [%s, %s], \"prompt\": null, \"completion\": null}".formatted(USER, ASSISTANT),
            "{\"messages\": [%s, %s], \"prompt\": null, \"completion\": null}".formatted(USER, SECOND)
        };
        Path parquet = ParquetFiles.ofJson(directory.resolve("data.parquet"), lines);
        SftData found = data(LengthPolicy.FAIL, 100, VOCABULARY, parquet);
        assertThat(found.sequences()).usingRecursiveComparison().isEqualTo(read(100, lines));
        assertThat(found.examples())
                .extracting(SftExample::place)
                .containsExactly(parquet + ": row 1", parquet + ": row 2");
        Path bad = ParquetFiles.ofJson(directory.resolve("bad.parquet"), lines[0], "{\"messages\": []}");
        assertThatThrownBy(() -> data(LengthPolicy.FAIL, 100, VOCABULARY, bad))
                .hasMessage(bad + ": row 2: messages: is empty; a conversation needs a message");
    }
}
