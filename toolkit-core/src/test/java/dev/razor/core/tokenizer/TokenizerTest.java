package dev.razor.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TokenizerTest {

    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(TestFiles.MODEL);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void encodeAndDecode_equalTheGoldenStrings() {
        JsonNode cases = TestFiles.golden("tokenization.json").get("cases");
        assertThat(cases.size()).isGreaterThan(20);
        for (JsonNode one : cases.values()) {
            int[] ids = TestFiles.ids(one.get("ids"));
            assertThat(tokenizer.encode(one.get("text").stringValue())).isEqualTo(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(one.get("decoded").stringValue());
            assertThat(tokenizer.decode(ids, true))
                    .isEqualTo(one.get("decoded_skip_special_tokens").stringValue());
        }
    }

    @Test
    @Tag("data")
    void encodeAndDecode_equalQwensGoldenStrings() throws IOException {
        Path directory = TestFiles.qwen();
        try (Tokenizer qwen = Tokenizer.load(directory)) {
            List<JsonNode> lines = TestFiles.lines(directory.resolve("golden_encodings.jsonl"));
            assertThat(lines).hasSize(177);
            for (JsonNode line : lines) {
                int[] ids = TestFiles.ids(line.get("ids"));
                assertThat(qwen.encode(line.get("text").stringValue())).isEqualTo(ids);
                assertThat(qwen.decode(ids)).isEqualTo(line.get("decoded").stringValue());
            }
            assertThat(qwen.size()).isEqualTo(151_665);
            assertThat(qwen.stopTokenIds()).containsExactly(151_645, 151_643);
        }
    }

    @Test
    void decode_ofIdsWithoutToken_equalsTheGoldenContinuations() {
        boolean someBeyond = false;
        for (JsonNode one : TestFiles.golden("greedy.json").get("continuations").values()) {
            int[] ids = TestFiles.ids(one.get("ids"));
            assertThat(tokenizer.decode(ids)).isEqualTo(one.get("text").stringValue());
            for (int id : ids) {
                someBeyond |= id >= tokenizer.size();
            }
        }
        assertThat(someBeyond).isTrue();
        assertThat(tokenizer.decode(new int[] {768, 783, 100_000})).isEmpty();
    }

    @Test
    void specialTokens_areThoseOfTheFiles() {
        assertThat(tokenizer.bosTokenId()).isEqualTo(OptionalInt.empty());
        assertThat(tokenizer.eosTokenId()).isEqualTo(OptionalInt.of(748));
        assertThat(tokenizer.padTokenId()).isEqualTo(OptionalInt.of(746));
        assertThat(tokenizer.stopTokenIds()).containsExactly(748, 746);
        assertThat(tokenizer.addBosToken()).isFalse();
        assertThat(tokenizer.size()).isEqualTo(768);
        assertThat(tokenizer.isSpecial(748)).isTrue();
        assertThat(tokenizer.isSpecial(760)).isFalse();
    }

    /// `e` and a combining accent are one character after NFC, whose two bytes (no merge joins them) both begin
    /// where the `e` began. The emoji is two chars of Java and four bytes.
    @Test
    void places_areCharsOfTheTextAsGiven() {
        String text = "e\u0301x\uD83D\uDE00y<|im_end|>z";
        List<EncodedText.Token> tokens = tokenizer.encodeWithPlaces(text).tokens();
        assertThat(tokens.stream().map(EncodedText.Token::start))
                .startsWith(0, 0, 2, 3)
                .endsWith(5, 6, 16);
        assertThat(tokens.get(tokens.size() - 2)).isEqualTo(new EncodedText.Token(748, 6, 16));
        assertThat(tokenizer.encodeWithPlaces(text).ids()).isEqualTo(tokenizer.encode(text));
    }

    @Test
    void halfACharacter_isRefused() {
        assertThatThrownBy(() -> tokenizer.encode("ab\uD83D!"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("U+D83D")
                .hasMessageContaining("index 2");
    }

    @Test
    void negativeId_isTheCallersMistake() {
        assertThatThrownBy(() -> tokenizer.decode(new int[] {5, -1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void badFiles_areNamed(@TempDir Path directory) throws IOException {
        assertRefused(directory.resolve("nowhere"), "nowhere", "no such directory");
        assertRefused(directory, "tokenizer.json", "missing");
        Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": ");
        assertRefused(directory, "tokenizer.json", "not valid JSON");
        Files.writeString(directory.resolve("tokenizer.json"), "[1]");
        assertRefused(directory, "tokenizer.json", "expected a JSON object");
        Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": {\"type\": \"?\", \"vocab\": {}}}");
        assertRefused(directory, "tokenizer_config.json", "missing");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
        assertRefused(directory, "tokenizer.json", "not a tokenizer");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"</s>\"}");
        assertRefused(directory, "tokenizer_config.json", "eos_token", "</s>");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"chat_template\": \"{{ x\"}");
        assertRefused(directory, "tokenizer_config.json", "chat_template", "line 1");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"chat_template\": []}");
        assertRefused(directory, "tokenizer_config.json", "chat_template", "default");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [1, \"x\"]}");
        assertRefused(directory, "generation_config.json", "eos_token_id", "\"x\"");
    }

    private static void assertRefused(Path directory, String... parts) {
        assertThatThrownBy(() -> Tokenizer.load(directory).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining("; ");
    }

    @Test
    void chatTemplate_mayStandInAListOrInAFileOfItsOwn(@TempDir Path directory) throws IOException {
        Files.copy(TestFiles.MODEL.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        Files.writeString(
                directory.resolve("tokenizer_config.json"), "{\"bos_token\": {\"content\": \"<|im_start|>\"}}");
        try (Tokenizer plain = Tokenizer.load(directory)) {
            assertThat(plain.chatTemplate()).isEmpty();
            assertThat(plain.bosTokenId()).isEqualTo(OptionalInt.of(747));
            assertThatThrownBy(plain::requireChatTemplate)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("no chat_template");
        }
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"bos_token": "<|im_start|>", "chat_template": [
                  {"name": "tool_use", "template": "no"}, {"name": "default", "template": "{{ bos_token }}yes"}]}""");
        assertThat(rendered(directory)).isEqualTo("<|im_start|>yes");
        Files.writeString(directory.resolve("chat_template.jinja"), "file");
        assertThat(rendered(directory)).isEqualTo("file");
    }

    private static String rendered(Path directory) {
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            return loaded.requireChatTemplate().render(List.of(), null, false);
        }
    }

    @Test
    void idsThatTheTokenizerIsSilentAbout_areTheModels(@TempDir Path directory) throws IOException {
        Files.copy(TestFiles.MODEL.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"pad_token\": null}");
        Files.writeString(
                directory.resolve("config.json"),
                "{\"eos_token_id\": [746, 748], \"pad_token_id\": 3, \"bos_token_id\": 747}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.eosTokenId()).isEqualTo(OptionalInt.of(746));
            assertThat(loaded.bosTokenId()).isEqualTo(OptionalInt.of(747));
            assertThat(loaded.padTokenId()).isEqualTo(OptionalInt.empty());
            assertThat(loaded.stopTokenIds()).containsExactly(746, 748);
            assertThat(loaded.addBosToken()).isFalse();
        }
    }
}
