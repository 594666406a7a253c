package dev.razor.core.model.qwen2;

import dev.razor.core.base.Check;

/// The sizes of a Qwen2 model, as its `config.json` states them.
public record Qwen2Config(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int numKeyValueHeads,
        int maxPositionEmbeddings,
        double rmsNormEps,
        double ropeTheta,
        boolean tieWordEmbeddings) {

    public Qwen2Config {
        positive("vocab_size", vocabSize);
        positive("hidden_size", hiddenSize);
        positive("intermediate_size", intermediateSize);
        positive("num_hidden_layers", numHiddenLayers);
        positive("num_attention_heads", numAttentionHeads);
        positive("num_key_value_heads", numKeyValueHeads);
        positive("max_position_embeddings", maxPositionEmbeddings);
        Check.that(
                hiddenSize % numAttentionHeads == 0,
                "hidden_size (%d) must be a multiple of num_attention_heads (%d)",
                hiddenSize,
                numAttentionHeads);
        Check.that(
                hiddenSize / numAttentionHeads % 2 == 0,
                "hidden_size / num_attention_heads (%d) must be even, because RoPE rotates pairs of channels",
                hiddenSize / numAttentionHeads);
        Check.that(
                numAttentionHeads % numKeyValueHeads == 0,
                "num_attention_heads (%d) must be a multiple of num_key_value_heads (%d)",
                numAttentionHeads,
                numKeyValueHeads);
        Check.that(rmsNormEps > 0 && rmsNormEps < 1, "rms_norm_eps must be in (0, 1), got %s", rmsNormEps);
        Check.that(
                ropeTheta > 0 && Double.isFinite(ropeTheta), "rope_theta must be a positive number, got %s", ropeTheta);
    }

    private static void positive(String key, int value) {
        Check.that(value > 0, "%s must be positive, got %d", key, value);
    }

    /// Channels per attention head.
    public int headDim() {
        return hiddenSize / numAttentionHeads;
    }

    /// Weights of the model, tied ones counted once.
    public long parameterCount() {
        long keyDim = (long) numKeyValueHeads * headDim();
        long attention = 2L * hiddenSize * hiddenSize + 2 * keyDim * hiddenSize + hiddenSize + 2 * keyDim;
        long block = attention + 3L * hiddenSize * intermediateSize + 2L * hiddenSize;
        long tables = (tieWordEmbeddings ? 1L : 2L) * vocabSize * hiddenSize;
        return tables + numHiddenLayers * block + hiddenSize;
    }
}
