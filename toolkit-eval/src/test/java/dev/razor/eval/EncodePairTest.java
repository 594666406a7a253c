package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EncodePairTest {

    private static final int PREFIX = 7;

    @Test
    void encode_equalsTheHarness() {
        EncodePair pairs = Golden.pairs();
        JsonNode golden = Golden.json("encode_pair.json").get("pairs");

        for (JsonNode pair : golden) {
            String context = pair.get("context").asString();
            String continuation = pair.get("continuation").asString();
            EncodePair.Encoded encoded = pairs.encode("test", context, continuation);

            assertThat(encoded.request().contextIds())
                    .as("context of \"%s\" + \"%s\"", context, continuation)
                    .containsExactly(array(pair.get("context_ids")));
            assertThat(encoded.request().continuationIds())
                    .as("continuation of \"%s\" + \"%s\"", context, continuation)
                    .containsExactly(array(pair.get("continuation_ids")));
            assertThat(encoded.droppedTokens()).isZero();
        }
        assertThat(golden.size()).isEqualTo(20);
    }

    @Test
    void encode_movesTrailingWhiteSpaceToTheContinuation() {
        var pairs = new EncodePair(EncodePairTest::characters, PREFIX, 100);

        assertThat(pairs.encode("test", "a \n", "b").request()).isEqualTo(request("a", " \nb"));
        assertThat(pairs.encode("test", " a", " b").request()).isEqualTo(request(" a", " b"));
    }

    @Test
    void encode_givesTextWithoutContextThePrefixToken() {
        var pairs = new EncodePair(EncodePairTest::characters, 'p', 100);

        assertThat(pairs.encode("test", "", "ab").request()).isEqualTo(request("p", "ab"));
        assertThat(pairs.encode("test", " \n", "ab").request()).isEqualTo(request("p", " \nab"));
        assertThat(pairs.encode("test", "", "pab").request())
                .as("a continuation that brings its own prefix")
                .isEqualTo(request("p", "ab"));
    }

    @Test
    void encode_dropsTheBeginningOfWhatIsTooLong() {
        // The model reads 4 tokens and predicts the fifth: of "abcdef" + "gh" the last 5 of 8 remain.
        var pairs = new EncodePair(EncodePairTest::characters, PREFIX, 4);

        EncodePair.Encoded tooLong = pairs.encode("test", "abcdef", "gh");
        assertThat(tooLong.request()).isEqualTo(request("def", "gh"));
        assertThat(tooLong.droppedTokens()).isEqualTo(3);

        EncodePair.Encoded justFits = pairs.encode("test", "abc", "de");
        assertThat(justFits.request()).isEqualTo(request("abc", "de"));
        assertThat(justFits.droppedTokens()).isZero();
    }

    @Test
    void encode_keepsOneTokenBeforeTheLongestContinuation() {
        var pairs = new EncodePair(EncodePairTest::characters, PREFIX, 4);

        assertThat(pairs.encode("test", "abc", "defg").request()).isEqualTo(request("c", "defg"));
        assertThatThrownBy(() -> pairs.encode("task: document 3", "abc", "defgh"))
                .isInstanceOf(DataException.class)
                .hasMessage("task: document 3: the continuation has 5 tokens, the model reads at most 4; shorten it");
    }

    @Test
    void encode_refusesAContinuationThatMergesAway() {
        // "th" and "the" are one token each in model-a's vocabulary.
        EncodePair pairs = Golden.pairs();

        assertThatThrownBy(() -> pairs.encode("line 5", "so\nth", "e"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("line 5: no token is left to score")
                .hasMessageContaining("\"so\\nth\"")
                .hasMessageContaining("\"e\"");
    }

    @Test
    void prefixToken_isBosElseEos() {
        assertThat(EncodePair.prefixToken(OptionalInt.of(1), OptionalInt.of(2))).isEqualTo(1);
        assertThat(EncodePair.prefixToken(OptionalInt.empty(), OptionalInt.of(2)))
                .isEqualTo(2);
        assertThatThrownBy(() -> EncodePair.prefixToken(OptionalInt.empty(), OptionalInt.empty()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tokenizer_config.json");
    }

    /// One token a character: its code.
    private static int[] characters(String text) {
        return text.chars().toArray();
    }

    private static TokenizedRequest request(String context, String continuation) {
        return new TokenizedRequest(characters(context), characters(continuation));
    }

    private static int[] array(JsonNode ids) {
        return Golden.integers(ids).stream().mapToInt(Integer::intValue).toArray();
    }
}
