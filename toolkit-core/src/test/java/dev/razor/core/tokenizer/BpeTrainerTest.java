package dev.razor.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BpeTrainerTest {

    private static final int SMALLEST = 256 + 22;

    /// Texts that the split and the bytes could go wrong on.
    private static final List<String> HARD = List.of(
            "I'm CAN'T they'LL \u017Fit'\u017F we've",
            "  two  spaces\t\ttabs \n\n \n x\r\ny",
            "12345 3.14 \u0663\u0664 \u00BD \u2167",
            "caf\u00E9 cafe\u0301 A\u030A\u0327 \uD55C \u1112\u1161\u11AB",
            "日本語、漢字。 \uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDCBB \uD835\uDD38",
            "नमस्ते مرحبا שלום",
            "a\u00A0b\u2003c\u200Bd\u0085e\u001Cf\u3000g\u2028h",
            "x=1;y+=2 // {a[0]} <b>!</b>?!\n\n#tag __init__ -->",
            "tab\tat the end \t",
            "\u0000\u0001\u007F nul");

    /// The pieces `aab` (3 times), `ab` (2), ` ab` (1). Pairs: (a, a) 3, (a, b) 3 + 2 + 1 = 6, (Ġ, a) 1. First
    /// merge `a b`. Then (a, ab) 3, (Ġ, ab) 1: second merge `a ab`.
    @Test
    void merges_ofAHandWorkedText(@TempDir Path directory) throws IOException {
        BpeTrainer.train(List.of("aab", "aab", "aab", "ab ab", "ab"), SMALLEST + 2, directory);
        assertThat(Files.readAllLines(directory.resolve("merges.txt"))).containsExactly("a b", "a ab");
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            // "a" is the byte 97, the 65th visible character after the blank, so its id is 64
            assertThat(tokenizer.encode("aab ab a<|im_end|>")).containsExactly(257, 220, 256, 220, 64, 260);
            assertThat(tokenizer.size()).isEqualTo(SMALLEST + 2);
            assertThat(tokenizer.eosTokenId()).hasValue(260);
        }
    }

    /// (a, b) and (c, d) stand there twice each, and so do (b, a)... not: pieces are `ab` and `cd`. The smaller
    /// ids win.
    @Test
    void ties_goToTheSmallerIds(@TempDir Path directory) throws IOException {
        BpeTrainer.train(List.of("cd.ab.cd.ab"), SMALLEST + 2, directory);
        assertThat(Files.readAllLines(directory.resolve("merges.txt"))).containsExactly(". a", "c d");
    }

    @Test
    void files_haveTheStructureOfTheGoldenTokenizer(@TempDir Path directory) throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        JsonNode golden = JsonMapper.shared().readTree(TestFiles.MODEL.resolve("vocab.json"));
        golden.properties()
                .forEach(
                        entry -> vocabulary.put(entry.getKey(), entry.getValue().intValue()));
        QwenFiles.write(vocabulary, Files.readAllLines(TestFiles.MODEL.resolve("merges.txt")), directory);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt")) {
            assertThat(directory.resolve(name)).hasSameTextualContentAs(TestFiles.MODEL.resolve(name));
        }
    }

    @Test
    void bytes_haveTheGoldenIds() {
        JsonNode golden = JsonMapper.shared().readTree(TestFiles.MODEL.resolve("vocab.json"));
        List<String> sorted = Arrays.stream(BpeTrainer.byteTexts()).sorted().toList();
        for (int id = 0; id < 256; id++) {
            assertThat(golden.get(sorted.get(id)).intValue()).isEqualTo(id);
        }
    }

    @Test
    void trainedTokenizer_givesTextsBackAndIsRepeatable(@TempDir Path directory) throws IOException {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        BpeTrainer.train(corpus(), SMALLEST + 300, first);
        BpeTrainer.train(corpus(), SMALLEST + 300, second);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt")) {
            assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
        }
        try (Tokenizer tokenizer = Tokenizer.load(first)) {
            assertThat(tokenizer.size()).isEqualTo(SMALLEST + 300);
            for (String text : HARD) {
                String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
                assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(normal);
            }
            String chat = tokenizer.requireChatTemplate().render(List.of(TestFiles.message("user", "Hi")), null, true);
            assertThat(tokenizer.decode(tokenizer.encode(chat))).isEqualTo(chat);
        }
    }

    /// Our own split and our own application of the merges against Hugging Face's, with the trained tokenizer
    /// and with the golden one.
    @Test
    void ownEncoding_equalsTheLibrarys(@TempDir Path directory) throws IOException {
        BpeTrainer.train(corpus(), SMALLEST + 300, directory);
        for (Path model : List.of(directory, TestFiles.MODEL)) {
            Map<String, Integer> vocabulary = new HashMap<>();
            JsonMapper.shared()
                    .readTree(model.resolve("vocab.json"))
                    .properties()
                    .forEach(entry ->
                            vocabulary.put(entry.getKey(), entry.getValue().intValue()));
            List<String> merges = Files.readAllLines(model.resolve("merges.txt"));
            try (Tokenizer tokenizer = Tokenizer.load(model)) {
                for (String text : corpus()) {
                    assertThat(ownEncoding(text, vocabulary, merges)).isEqualTo(tokenizer.encode(text));
                }
            }
        }
    }

    private static int[] ownEncoding(String text, Map<String, Integer> vocabulary, List<String> merges) {
        String[] byteTexts = BpeTrainer.byteTexts();
        List<Integer> ids = new ArrayList<>();
        BpeTrainer.forEachPiece(text, piece -> {
            List<String> parts = new ArrayList<>();
            for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
                parts.add(byteTexts[b & 0xff]);
            }
            for (String merge : merges) {
                for (int i = 0; i + 1 < parts.size(); i++) {
                    if (merge.equals(parts.get(i) + " " + parts.get(i + 1))) {
                        parts.set(i, parts.get(i) + parts.remove(i + 1));
                    }
                }
            }
            parts.forEach(part -> ids.add(vocabulary.get(part)));
        });
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Added tokens in the texts are cut out: no piece holds them and none is joined over them.
    @Test
    void addedTokens_areNotLearned(@TempDir Path directory) throws IOException {
        BpeTrainer.train(List.of("ab<|im_end|>ab<|im_end|>ab<|im_end|>"), SMALLEST + 1, directory);
        assertThat(Files.readAllLines(directory.resolve("merges.txt"))).containsExactly("a b");
    }

    @Test
    void tooLittleText_isRefused(@TempDir Path directory) {
        assertThatThrownBy(() -> BpeTrainer.train(List.of("ab ab"), SMALLEST + 2, directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("257 of 258");
        assertThatThrownBy(() -> BpeTrainer.train(List.of("ab"), SMALLEST - 1, directory))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> corpus() {
        List<String> texts = new ArrayList<>(HARD);
        for (JsonNode one : TestFiles.golden("chat_template.json").get("cases").values()) {
            for (JsonNode message : one.get("messages").values()) {
                texts.add(message.path("content").asString(""));
            }
        }
        for (JsonNode row : TestFiles.golden("multiple_choice.json").findValues("context")) {
            texts.add(row.asString(""));
        }
        texts.removeIf(text -> QwenFiles.ADDED_TOKENS.stream().anyMatch(text::contains));
        return texts;
    }
}
