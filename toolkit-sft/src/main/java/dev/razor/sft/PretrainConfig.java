package dev.razor.sft;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.tokenizer.BpeTrainer;
import dev.razor.core.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that decides the outcome of a pre-training run: a Qwen2 shape, text, and how to train on it. The
/// keys of the shape are those of config.json.
public record PretrainConfig(
        @Key("where the run is written; must be new or empty")
        Path output,

        @Key(value = "text: JSONL of {\"text\"} records, or any other file with a document a line", fallback = "null")
        @Nullable
        Path data,

        @Key(value = "generated text instead of data: quickstart", fallback = "null") @Nullable
        String generated,

        @Key(value = "documents taken from the generated text", fallback = "100000")
        int documents,

        @Key(value = "directory of the tokenizer; null trains one of vocab_size tokens on the text", fallback = "null")
        @Nullable
        Path tokenizer,

        @Key(value = "tokens the model knows; null: those of the tokenizer", fallback = "null") @Nullable
        Integer vocabSize,

        @Key("channels of the residual stream") int hiddenSize,
        @Key("channels of the feed-forward layers") int intermediateSize,
        @Key("layers") int numHiddenLayers,
        @Key("query heads") int numAttentionHeads,
        @Key("key/value heads") int numKeyValueHeads,

        @Key(value = "the longest context", fallback = "1024")
        int maxPositionEmbeddings,

        @Key(value = "base of the rotary frequencies", fallback = "10000.0")
        double ropeTheta,

        @Key(value = "added to the mean square in RMSNorm", fallback = "1e-6")
        double rmsNormEps,

        @Key(value = "use the embedding as the output projection", fallback = "true")
        boolean tieWordEmbeddings,

        @Key(value = "standard deviation of the first weights", fallback = "0.02")
        double initializerRange,

        @Key(value = "tokens a sequence may have; a longer document becomes several", fallback = "1024")
        int maxLength,

        @Inline TrainingArguments training) {

    public PretrainConfig {
        Check.that(
                (data == null) != (generated == null),
                "exactly one of data and generated must be given, got data %s and generated %s",
                data,
                generated);
        Check.that(tokenizer != null || vocabSize != null, "vocab_size must be given where tokenizer is not");
        Check.that(
                tokenizer != null || vocabSize == null || vocabSize >= BpeTrainer.smallestVocabulary(),
                "vocab_size must be at least %d (the bytes and the added tokens), got %s",
                BpeTrainer.smallestVocabulary(),
                vocabSize);
        Check.that(documents > 0, "documents must be positive, got %d", documents);
        Check.that(maxLength > 1, "max_length must be at least 2, got %d", maxLength);
        Check.that(
                maxLength <= maxPositionEmbeddings,
                "max_length (%d) must not exceed max_position_embeddings (%d)",
                maxLength,
                maxPositionEmbeddings);
        Check.that(
                !training.dtype().equals("bfloat16"),
                "dtype: pre-training is in float32, got %s; fine-tune in bfloat16 afterwards",
                training.dtype());
        var _ = new Qwen2Config(
                Objects.requireNonNullElse(vocabSize, 1),
                hiddenSize,
                intermediateSize,
                numHiddenLayers,
                numAttentionHeads,
                numKeyValueHeads,
                maxPositionEmbeddings,
                rmsNormEps,
                ropeTheta,
                tieWordEmbeddings);
        Check.that(initializerRange > 0, "initializer_range must be positive, got %s", initializerRange);
    }
}
