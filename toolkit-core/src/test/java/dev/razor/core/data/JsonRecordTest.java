package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JsonRecordTest {

    private static JsonRecord record(String json) {
        ObjectNode node = (ObjectNode) JsonMapper.builder().build().readTree(json);
        return new JsonRecord(Path.of("d.jsonl"), 7, node);
    }

    private static void assertProblem(ThrowingCallable access, String problem) {
        assertThatThrownBy(access).isInstanceOf(DataException.class).hasMessage("d.jsonl:7: " + problem);
    }

    @Test
    void accessors_giveWhatTheRecordHolds() {
        JsonRecord record = record("""
                {"t": "é\ud83d\ude00", "i": -3, "n": 2, "x": 1e-5, "ids": [1, 2], "texts": ["a", ""],
                 "messages": [{"role": "user"}], "none": null}""");
        assertThat(record.text("t")).isEqualTo("é\ud83d\ude00");
        assertThat(record.optionalText("t")).isEqualTo("é\ud83d\ude00");
        assertThat(record.integer("i")).isEqualTo(-3);
        assertThat(record.optionalInteger("i")).isEqualTo(-3);
        assertThat(record.number("n")).isEqualTo(2);
        assertThat(record.number("x")).isEqualTo(1e-5);
        assertThat(record.intArray("ids")).containsExactly(1, 2);
        assertThat(record.optionalIntArray("ids")).containsExactly(1, 2);
        assertThat(record.texts("texts")).containsExactly("a", "");
        assertThat(record.objects("messages").getFirst().text("role")).isEqualTo("user");
        assertThat(record.has("t")).isTrue();
    }

    @Test
    void optionalAccessors_giveNullForMissingAndNull() {
        JsonRecord record = record("{\"none\": null}");
        for (String key : new String[] {"none", "absent"}) {
            assertThat(record.has(key)).isFalse();
            assertThat(record.optionalText(key)).isNull();
            assertThat(record.optionalInteger(key)).isNull();
            assertThat(record.optionalIntArray(key)).isNull();
        }
    }

    @Test
    void accessors_nameTheFieldAndTheValue() {
        JsonRecord record = record("""
                {"p": 3, "n": null, "big": 2147483648, "f": 1.5, "ids": [1, 2.5], "texts": ["a", 1], "inf": 1e999,
                 "m": [{"role": 1}, 2], "half": "a\\ud83d", "long": [%s]}""".formatted("1,".repeat(200) + "1"));
        assertProblem(() -> record.text("p"), "p: expected a string, got 3");
        assertProblem(() -> record.optionalText("p"), "p: expected a string, got 3");
        assertProblem(() -> record.text("n"), "n: expected a string, got null");
        assertProblem(
                () -> record.text("q"), "q: missing; the fields are p, n, big, f, ids, texts, inf, m, half, long");
        assertProblem(() -> record.integer("big"), "big: expected a whole number of at most 32 bits, got 2147483648");
        assertProblem(() -> record.integer("f"), "f: expected a whole number of at most 32 bits, got 1.5");
        assertProblem(() -> record.number("n"), "n: expected a finite number, got null");
        assertProblem(() -> record.number("inf"), "inf: expected a finite number, got \"Infinity\"");
        assertProblem(() -> record.intArray("ids"), "ids[1]: expected a whole number of at most 32 bits, got 2.5");
        assertProblem(() -> record.intArray("p"), "p: expected a list, got 3");
        assertProblem(() -> record.texts("texts"), "texts[1]: expected a string, got 1");
        assertProblem(() -> record.objects("m"), "m[1]: expected an object, got 2");
        assertProblem(
                () -> record.text("half"),
                "half: got half of a surrogate pair, \\ud83d, which is no character; remove it");
        assertProblem(() -> record.text("long"), "long: expected a string, got [" + "1,".repeat(39) + "1...");
        assertProblem(() -> record("{}").text("p"), "p: missing; there are no fields");
    }

    @Test
    void objects_carryTheirPlaceAlong() {
        JsonRecord message = record("{\"messages\": [{}, {\"role\": 1, \"parts\": [{}]}]}")
                .objects("messages")
                .get(1);
        assertProblem(() -> message.text("role"), "messages[1].role: expected a string, got 1");
        assertProblem(
                () -> message.objects("parts").getFirst().text("x"),
                "messages[1].parts[0].x: missing; there are no fields");
        assertThat(message.problem("role", "is odd")).hasMessage("d.jsonl:7: messages[1].role: is odd");
        assertThat(message.problem("is odd")).hasMessage("d.jsonl:7: messages[1]: is odd");
        assertThat(record("{}").problem("is odd")).hasMessage("d.jsonl:7: is odd");
    }
}
