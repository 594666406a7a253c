package dev.razor.sft.simpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.DataException;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.ParquetFiles;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.sft.SftExamples;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimPoDataTest {

    private static final int VOCABULARY = 784;
    private static final int CONTEXT = 512;
    private static final String FIRST = "{\"prompt\": \"2 + 2 =\", \"chosen\": \" 4\", \"rejected\": \" 15\"}";
    private static final String SECOND = "{\"prompt\": \"2 + 3 =\", \"chosen\": \" 5\", \"rejected\": \" 6\"}";

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Tokenizer tokenizer;

    @TempDir
    private Path directory;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(Golden.model());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private Path write(String name, String... lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
    }

    private SimPoData read(Object data, String... settings) {
        List<String> all = new ArrayList<>(List.of("learning_rate: 1e-5"));
        all.addAll(List.of(settings));
        SimPoConfig config = SimPoTesting.config(
                Golden.model(), data.toString(), directory.resolve("out"), all.toArray(String[]::new));
        return SimPoData.read(config, tokenizer, VOCABULARY, CONTEXT);
    }

    private List<String> problems(Object data, String... settings) {
        DataException e = catchThrowableOfType(DataException.class, () -> read(data, settings));
        assertThat(e).isNotNull();
        return e.problems();
    }

    private static void assertSame(List<Pair> found, List<Pair> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).chosen().ids())
                    .isEqualTo(expected.get(i).chosen().ids());
            assertThat(found.get(i).chosen().marked())
                    .isEqualTo(expected.get(i).chosen().marked());
            assertThat(found.get(i).rejected().ids())
                    .isEqualTo(expected.get(i).rejected().ids());
            assertThat(found.get(i).rejected().marked())
                    .isEqualTo(expected.get(i).rejected().marked());
        }
    }

    /// Each side is the sequence that SFT makes of the same prompt and completion, the end token with it.
    @Test
    void texts_areTheTokensOfSft() throws IOException {
        Pair pair = read(write("pairs.jsonl", FIRST)).pairs().getFirst();
        Path sft = write(
                "sft.jsonl",
                "{\"prompt\": \"2 + 2 =\", \"completion\": \" 4\"}",
                "{\"prompt\": \"2 + 2 =\", \"completion\": \" 15\"}");
        var expected = SftExamples.read(sft, tokenizer, VOCABULARY);
        assertThat(pair.chosen().ids()).isEqualTo(expected.get(0).sequence().ids());
        assertThat(pair.chosen().marked()).isEqualTo(expected.get(0).sequence().marked());
        assertThat(pair.rejected().ids()).isEqualTo(expected.get(1).sequence().ids());
        assertThat(pair.rejected().marked())
                .isEqualTo(expected.get(1).sequence().marked());
        assertThat(pair.rejected().ids()[pair.rejected().length() - 1])
                .isEqualTo(tokenizer.eosTokenId().orElseThrow());
    }

    private static String message(String role, String content) {
        return "{\"role\": \"%s\", \"content\": \"%s\"}".formatted(role, content);
    }

    private static String conversation(String... messages) {
        return "[" + String.join(", ", messages) + "]";
    }

    private static final String ASKED = message("user", "Two and two?");
    private static final String RIGHT = message("assistant", "Four");
    private static final String WRONG = message("assistant", "Three and a half");

    /// A prompt of its own, the whole conversation twice, and that beside a prompt for show: the same tokens, of
    /// which the last answer's are trained.
    @Test
    void conversations_inTrlsForms_areTheSamePairs() throws IOException {
        String before = message("user", "Hello") + ", " + message("assistant", "Good day") + ", " + ASKED;
        List<Pair> expected = read(write(
                        "a.jsonl",
                        "{\"prompt\": %s, \"chosen\": %s, \"rejected\": %s}"
                                .formatted(conversation(before), conversation(RIGHT), conversation(WRONG))))
                .pairs();
        String whole =
                "\"chosen\": %s, \"rejected\": %s}".formatted(conversation(before, RIGHT), conversation(before, WRONG));
        assertSame(read(write("b.jsonl", "{" + whole)).pairs(), expected);
        assertSame(read(write("c.jsonl", "{\"prompt\": \"for show\", " + whole)).pairs(), expected);
        Pair pair = expected.getFirst();
        String trained =
                tokenizer.decode(trained(pair.chosen().ids(), pair.chosen().marked()));
        assertThat(trained).contains("Four").doesNotContain("Good day", "Two and two");
    }

    private static int[] trained(int[] ids, boolean[] marked) {
        int[] found = new int[ids.length];
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            if (marked[i]) {
                found[count++] = ids[i];
            }
        }
        return Arrays.copyOf(found, count);
    }

    @Test
    void everyKindOfFile_andLists_andGlobs_areRead() throws IOException {
        List<Pair> expected = read(write("a1.jsonl", FIRST, SECOND)).pairs();
        write("one/x1.jsonl".replace("one/", ""), FIRST);
        write("x2.jsonl", SECOND);
        assertSame(read(directory.resolve("x*.jsonl")).pairs(), expected);
        assertSame(
                read("[%s, %s]".formatted(directory.resolve("x1.jsonl"), directory.resolve("x2.jsonl")))
                        .pairs(),
                expected);
        assertSame(read(write("b.json", "[" + FIRST + ", " + SECOND + "]")).pairs(), expected);
        assertSame(
                read(ParquetFiles.ofJson(directory.resolve("c.parquet"), FIRST, SECOND))
                        .pairs(),
                expected);
        Path packed = directory.resolve("d.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write((FIRST + "\n" + SECOND + "\n").getBytes(StandardCharsets.UTF_8));
        }
        assertSame(read(packed).pairs(), expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": \"a\", \"chosen\": \"b\"} | rejected: missing; the fields are prompt, chosen",
                "{\"chosen\": \"b\", \"rejected\": \"c\"} | prompt: missing; give prompt, chosen and rejected",
                "{\"prompt\": \"a\", \"chosen\": \"\", \"rejected\": \"c\"} | chosen: is empty; there is nothing to train on",
                "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": 3} | rejected: expected a string, got 3",
                "{\"prompt\": \"a\", \"chosen\": [1], \"rejected\": \"c\"} | chosen: expected a string, got [1]",
                "{\"prompt\": \"a\" | not valid JSON"
            })
    void badRecords_areToldWithPlaceAndField(String line, String expected) throws IOException {
        Path file = write("bad.jsonl", FIRST, line);
        assertThat(problems(file)).singleElement().asString().startsWith(file + ":2: " + expected);
    }

    /// Conversations without a shared beginning, ones that part at the user's turn, one that is the other's
    /// beginning, an answer that says nothing: each is told at its own message.
    @Test
    void badConversations_areToldTogether() throws IOException {
        String other = message("user", "Three and three?");
        String pair = "{\"chosen\": %s, \"rejected\": %s}";
        Path file = write(
                "bad.jsonl",
                pair.formatted(conversation(ASKED, RIGHT), conversation(other, WRONG)),
                pair.formatted(conversation(ASKED, RIGHT, ASKED, RIGHT), conversation(ASKED, RIGHT, other, RIGHT)),
                pair.formatted(conversation(ASKED, RIGHT), conversation(ASKED)),
                pair.formatted(conversation(ASKED, message("assistant", "")), conversation(ASKED, RIGHT)),
                pair.formatted(conversation(ASKED, message("robot", "x")), conversation(ASKED, RIGHT)));
        assertThat(problems(file))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(file + ":1: chosen and rejected have no first message in common"),
                        line -> assertThat(line)
                                .startsWith(file + ":2: chosen: differs first in message 2, whose role is user"),
                        line -> assertThat(line)
                                .startsWith(file + ":3: rejected: is no more than the other one begins with"),
                        line -> assertThat(line).startsWith(file + ":4: chosen[1].content: is empty"),
                        line -> assertThat(line).startsWith(file + ":5: chosen[1].role: got robot"));
    }

    /// What SFT says of a completion is said of the field that it is here.
    @Test
    void problemsOfAnAnswer_nameItsField() throws IOException {
        String pair = "{\"prompt\": %s, \"chosen\": %s, \"rejected\": %s}";
        Path file = write(
                "bad.jsonl",
                pair.formatted(conversation(ASKED), conversation(RIGHT), conversation(ASKED)),
                pair.formatted(conversation(ASKED), conversation(RIGHT), conversation(message("assistant", ""))),
                pair.formatted(conversation(ASKED, RIGHT), conversation(RIGHT), conversation(WRONG)));
        assertThat(problems(file))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(file + ":1: rejected: there is no turn to train on, got the roles [user]"),
                        line -> assertThat(line).startsWith(file + ":2: rejected[0].content: is empty"),
                        line -> assertThat(line)
                                .isEqualTo(file
                                        + ":3: prompt: ends with a turn of the assistant; put that into the chosen"));
    }

    @Test
    void problemsOfAllFiles_areToldTogether() throws IOException {
        Path first = write("a.jsonl", FIRST, "{}");
        Path mixed = write(
                "b.jsonl",
                FIRST,
                "{\"chosen\": %s, \"rejected\": %s}".formatted(conversation(ASKED, RIGHT), conversation(ASKED, WRONG)));
        Path missing = directory.resolve("none.jsonl");
        assertThat(problems("[%s, %s, %s]".formatted(first, mixed, missing)))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(first + ":2: prompt: missing"),
                        line -> assertThat(line)
                                .isEqualTo(("%s:2: has chosen and rejected as whole conversations, but the first record"
                                                + " (%s:1) has prompt, chosen and rejected as text; give each form a file"
                                                + " of its own")
                                        .formatted(mixed, mixed)),
                        line -> assertThat(line).startsWith(missing + ": cannot be read"));
    }

    @Test
    void ties_areLeftOutAndCounted_andAFileOfThemIsRefused() throws IOException {
        String tie = "{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" b\"}";
        SimPoData data = read(write("some.jsonl", FIRST, tie, SECOND));
        assertThat(data.pairs()).hasSize(2);
        assertThat(data.sizes()).containsExactly(2);
        assertThat(data.ties()).isEqualTo(1);
        Path file = write("all.jsonl", tie, tie);
        assertThat(problems(file))
                .containsExactly(
                        file
                                + ": in each of its 2 records chosen and rejected are the same, so there is nothing to prefer; give other data");
        Path whole = write("whole.jsonl", FIRST.replace("\" 15\"", "\" 4\""), SECOND);
        assertThat(read(whole).ties()).isEqualTo(1);
    }

    private static final String LONG_REJECTED =
            "{\"prompt\": \"2 + 2 =\", \"chosen\": \" 4\", \"rejected\": \" four and so on and so on and so on\"}";
    private static final String SAME_START =
            "{\"prompt\": \"2 + 2 =\", \"chosen\": \" one two three four five six seven eight\", \"rejected\": \" one two three four five six seven nine\"}";

    /// Both sides or none: a side that is too long takes the other one with it, and what is cut to the same
    /// beginning is left out.
    @Test
    void lengthPolicy_isOneOfThePair() throws IOException {
        int limit = 12;
        Path file = write("long.jsonl", FIRST, LONG_REJECTED);
        SimPoData cut = read(file, "max_length: " + limit);
        assertThat(cut.pairs()).hasSize(2);
        assertThat(cut.cut()).isEqualTo(1);
        assertThat(cut.pairs().get(1).rejected().length()).isEqualTo(limit);
        assertSame(
                List.of(cut.pairs().get(0)), read(write("first.jsonl", FIRST)).pairs());
        SimPoData dropped = read(file, "max_length: " + limit, "max_length_policy: drop");
        assertThat(dropped.pairs()).hasSize(1);
        assertThat(dropped.dropped()).isEqualTo(1);
        assertThat(problems(file, "max_length: " + limit, "max_length_policy: fail"))
                .singleElement()
                .asString()
                .startsWith(file + ":2: ")
                .contains("tokens, more than max_length = 12");
        SimPoData same = read(write("same.jsonl", FIRST, SAME_START), "max_length: " + limit);
        assertThat(same.pairs()).hasSize(1);
        assertThat(same.dropped()).isEqualTo(1);
    }
}
