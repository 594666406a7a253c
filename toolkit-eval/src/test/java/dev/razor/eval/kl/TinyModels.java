package dev.razor.eval.kl;

import dev.razor.core.pretrained.PretrainedModel;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Random models whose completions can be listed one by one: six tokens, the last of which ends a completion.
final class TinyModels {

    static final int VOCABULARY = 6;
    static final int STOP = 5;

    private TinyModels() {}

    static PretrainedModel random(int vocabulary, long seed) {
        ObjectNode config = (ObjectNode) JsonMapper.shared().readTree("""
                {"architectures": ["Qwen2ForCausalLM"], "vocab_size": %d, "hidden_size": 8, "intermediate_size": 16,
                 "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "max_position_embeddings": 32, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
                 "tie_word_embeddings": false}""".formatted(vocabulary));
        return PretrainedModel.random(Path.of("nowhere"), config, "cpu", 0.6, seed);
    }

    static PretrainedModel random(long seed) {
        return random(VOCABULARY, seed);
    }
}
