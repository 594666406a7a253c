package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonLineTest {

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Test
    void of_keepsOrderAndText() {
        ObjectNode line = object().put("b", "é \ud83d\ude00 \"\n\u2028").put("a", 1);
        line.putArray("list").add(true).addNull();
        assertThat(JsonLine.of(line))
                .isEqualTo("{\"b\":\"é \ud83d\ude00 \\\"\\n\u2028\",\"a\":1,\"list\":[true,null]}");
    }

    @Test
    void of_writesNullForNumbersThatJsonDoesNotKnow() {
        ObjectNode line = object().put("a", Double.NaN).put("b", Float.NEGATIVE_INFINITY);
        line.putArray("c").add(Double.POSITIVE_INFINITY).add(1.5);
        line.putObject("d").put("e", Double.NaN);
        assertThat(JsonLine.of(line)).isEqualTo("{\"a\":null,\"b\":null,\"c\":[null,1.5],\"d\":{\"e\":null}}");
    }

    @Test
    void of_escapesHalfAPair() {
        assertThat(JsonLine.of(object().put("t", "a\ud83db\ude00"))).isEqualTo("{\"t\":\"a\\ud83db\\ude00\"}");
    }

    @Test
    void of_readsBackEqual() {
        JsonMapper json = JsonMapper.builder().build();
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(json.readTree(JsonLine.of(object().put("x", value)))
                                .get("x")
                                .asDouble())
                        .as("seed 3")
                        .isEqualTo(value);
            }
        }
    }
}
