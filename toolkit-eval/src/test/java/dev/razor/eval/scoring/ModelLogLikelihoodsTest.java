package dev.razor.eval.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Golden;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.TokenizedRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ModelLogLikelihoodsTest {

    private static final Path MODEL = Path.of(System.getProperty("razor.home"), "golden", "model-a");

    @Test
    void score_givesTheHarnesssLogLikelihoods() {
        try (PretrainedModel model = PretrainedModel.load(MODEL, LoadOptions.frozen("cpu", "float32"))) {
            EncodePair pairs = EncodePair.of(model.tokenizer(), model.model().contextLength());
            List<TokenizedRequest> requests = new ArrayList<>();
            JsonNode expected = Golden.json("encode_pair.json").path("pairs");
            for (JsonNode pair : expected) {
                requests.add(pairs.encode(
                                "pair",
                                pair.path("context").asString(),
                                pair.path("continuation").asString())
                        .request());
            }
            List<LogLikelihood> found = new ModelLogLikelihoods(model, 3, Progress.silent()).score(requests);
            for (int i = 0; i < found.size(); i++) {
                assertThat(requests.get(i).continuationIds())
                        .containsExactly(Golden.integers(expected.get(i).path("continuation_ids")).stream()
                                .mapToInt(Integer::intValue)
                                .toArray());
                assertThat(found.get(i).sum())
                        .isCloseTo(expected.get(i).path("loglikelihood").asDouble(), within(1e-3));
                assertThat(found.get(i).greedy())
                        .isEqualTo(expected.get(i).path("is_greedy").asBoolean());
            }
        }
    }

    /// A request of 33 tokens for a context of 32: the last one is predicted from the 32 before it. In a model
    /// of the same weights with room to spare it has the same score.
    @Test
    void score_aRequestOneTokenLongerThanTheContext_readsAllButItsLast() {
        int[] context = IntStream.range(0, 30).map(i -> i % 6).toArray();
        var request = new TokenizedRequest(context, new int[] {1, 4, 2});
        try (PretrainedModel narrow = random(32);
                PretrainedModel wide = random(64)) {
            double expected = score(wide, request);
            assertThat(score(narrow, request)).isCloseTo(expected, within(1e-5));
            assertThat(expected).isLessThan(-1);
        }
    }

    private static double score(PretrainedModel model, TokenizedRequest request) {
        return new ModelLogLikelihoods(model, 2, Progress.silent())
                .score(List.of(request))
                .getFirst()
                .sum();
    }

    private static PretrainedModel random(int context) {
        ObjectNode config = (ObjectNode) JsonMapper.shared().readTree("""
                {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 6, "hidden_size": 8, "intermediate_size": 16,
                 "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "max_position_embeddings": %d, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
                 "tie_word_embeddings": false}""".formatted(context));
        return PretrainedModel.random(MODEL, config, "cpu", 0.6, 3);
    }
}
