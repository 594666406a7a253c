package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.ParquetFiles;
import dev.razor.core.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataShowCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void open() {
        files = new CommandFiles(folder);
    }

    /// Lines of which each has 2 tokens of prompt a unit, 3 of completion, and the end.
    private Path data(String name, int... units) throws IOException {
        return files.write(
                name,
                Arrays.stream(units)
                        .mapToObj(n -> "{\"prompt\": \"%s\", \"completion\": \"!?!\"}".formatted("?!".repeat(n)))
                        .toArray(String[]::new));
    }

    private static List<String> show(Object... arguments) {
        Object[] all = new Object[arguments.length + 2];
        all[0] = "data";
        all[1] = "show";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        CommandRun run = CommandRun.of(all);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    @Test
    void show_ofAConfiguration_showsWhatWouldBeTrained() throws IOException {
        Path a = data("a.jsonl", 2, 4, 9, 10);
        Path b = data("b.jsonl", 3);
        Path config = files.write(
                "sft.yaml",
                "model: " + Golden.model(),
                "data: ['%s', '%s']".formatted(a, folder.resolve("b*.jsonl")),
                "data_weights: [1, 3]",
                "output: " + folder.resolve("out"),
                "learning_rate: 1e-4",
                "max_length: 20",
                "per_device_train_batch_size: 2");
        assertThat(show(config))
                .containsExactly(
                        a + ":1: 8 tokens, 4 trained",
                        "?!?![[!?!<|im_end|>]]",
                        "",
                        a + ":2: 12 tokens, 4 trained",
                        "?!?!?!?![[!?!<|im_end|>]]",
                        "",
                        a + ":3: 20 tokens, 2 trained",
                        "?!".repeat(9) + "[[!?]]",
                        "",
                        b + ":1: 10 tokens, 4 trained",
                        "?!?!?![[!?!<|im_end|>]]",
                        "",
                        "records         5 in 2 files",
                        "cut             1 at the end",
                        "dropped         1",
                        "sequences       4",
                        "tokens          50",
                        "trained tokens  14",
                        "length          min 8, median 10, p95 20, max 20",
                        "length as read  min 8, median 12, p95 24, max 24",
                        "steps           3 of up to 1 x 2 sequences an epoch of 6; 9 in 3 epochs");
        assertThat(show(config, "--limit", 1, "--set", "max_length=24", "--set", "max_steps=4"))
                .startsWith(a + ":1: 8 tokens, 4 trained", "?!?![[!?!<|im_end|>]]", "", "records         5 in 2 files")
                .endsWith("steps           4 of up to 1 x 2 sequences an epoch of 7; 4 in 1 epochs");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    /// Conversations from Parquet: every assistant turn with its end is trained, the newline after it is not.
    @Test
    void show_ofFiles_needsNoConfiguration() {
        Path file = ParquetFiles.ofJson(
                folder.resolve("it's.parquet"),
                "{\"messages\": [{\"role\": \"system\", \"content\": \"S\"}, {\"role\": \"user\", \"content\": \"a \"},"
                        + " {\"role\": \"assistant\", \"content\": \"one\\n\\ttwo\"},"
                        + " {\"role\": \"user\", \"content\": \"\\u001b[31mred\\u202e\"},"
                        + " {\"role\": \"assistant\", \"content\": \"b\"}]}");
        String whole = """
                <|im_start|>system
                S<|im_end|>
                <|im_start|>user
                a <|im_end|>
                <|im_start|>assistant
                one
                \ttwo<|im_end|>
                <|im_start|>user
                \033[31mred\u202e<|im_end|>
                <|im_start|>assistant
                b<|im_end|>
                """;
        int tokens;
        int trained;
        try (Tokenizer tokenizer = Tokenizer.load(Golden.model())) {
            tokens = tokenizer.encode(whole).length;
            trained = tokenizer.encode("one\n\ttwo<|im_end|>b<|im_end|>").length;
        }
        assertThat(show("--model", Golden.model(), "--data", file, "--no-color").stream()
                        .limit(12))
                .containsExactly(
                        "%s: row 1: %d tokens, %d trained".formatted(file, tokens, trained),
                        "<|im_start|>system\u21b5",
                        "S<|im_end|>\u21b5",
                        "<|im_start|>user\u21b5",
                        "a\u00b7<|im_end|>\u21b5",
                        "<|im_start|>assistant\u21b5",
                        "[[one\u21b5",
                        "\u21e5two<|im_end|>]]\u21b5",
                        "<|im_start|>user\u21b5",
                        "\\u001b[31mred\\u202e<|im_end|>\u21b5",
                        "<|im_start|>assistant\u21b5",
                        "[[b<|im_end|>]]\u21b5");
    }

    @Test
    void show_readsOnlyTheTokenizerAndTheConfiguration() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Golden.model().resolve(name), model.resolve(name));
        }
        assertThat(show("--model", model, "--data", data("f.jsonl", 2), "--limit", 0))
                .first()
                .isEqualTo("records         1 in 1 file");
    }

    @Test
    void show_mistakes_areOneLineEach() throws IOException {
        Path bad = files.write("bad.jsonl", "{\"prompt\": \"a\"}", "{\"prompt\": \"a\", \"completion\": 1}");
        CommandRun run = CommandRun.of("data", "show", "--model", Golden.model(), "--data", bad);
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .containsExactly(
                        "error: " + bad + ":1: completion: missing; the fields are prompt",
                        "error: " + bad + ":2: completion: expected a string, got 1");
        CommandRun unknown =
                CommandRun.of("data", "show", "--model", Golden.model(), "--data", bad, "--set", "max_len=4");
        assertThat(unknown.problem()).startsWith("error: --set max_len=4: unknown key");
        assertThat(CommandRun.of("data", "show").exit()).isEqualTo(2);
        assertThat(CommandRun.of("data").exit()).isEqualTo(2);
        assertThat(CommandRun.of("data", "show", "--model", Golden.model()).exit())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a b|a b",
                " a  b |\u00b7a\u00b7\u00b7b\u00b7",
                "a\u00a0b|a\\u00a0b",
                "\u009b2J|\\u009b2J",
                "x\u2028y|x\\u2028y",
                "\ud83d\udc69\u200d\ud83d\udcbb \ufeff|\ud83d\udc69\u200d\ud83d\udcbb \\ufeff"
            })
    void visible_letsNothingAct(String text, String shown) {
        assertThat(TokenText.visible(text)).isEqualTo(shown);
        assertThat(TokenText.visible("a\r\n\u0007")).isEqualTo("a\\u000d\u21b5\n\\u0007");
    }

    /// Green ground for what is trained, underlined special tokens; no ground at a line's end.
    @Test
    void tokenText_onATerminal_isColored() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.model())) {
            int[] prompt = tokenizer.encode("<|im_start|>a");
            TokenSequence sequence = TokenSequence.of(prompt, tokenizer.encode("b\nc<|im_end|>"));
            assertThat(new TokenText(tokenizer, true).of(sequence))
                    .isEqualTo("\033[4m<|im_start|>\033[0ma"
                            + "\033[30;42mb\u21b5\033[0m\n\033[30;42mc\033[0m\033[30;42m\033[4m<|im_end|>\033[0m");
        }
    }
}
