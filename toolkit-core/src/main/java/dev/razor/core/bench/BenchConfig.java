package dev.razor.core.bench;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.model.qwen2.Qwen2Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `razor bench` measures: a Qwen2 shape, given by its sizes (the keys of config.json) or as a model
/// directory, and the work it is put to.
public record BenchConfig(
        @Key(value = "a model directory whose config.json gives the shape; null: the keys below do", fallback = "null")
        @Nullable
        Path model,

        @Key(value = "tokens the model knows", fallback = "null") @Nullable
        Integer vocabSize,

        @Key(value = "channels of the residual stream", fallback = "null") @Nullable
        Integer hiddenSize,

        @Key(value = "channels of the feed-forward layers", fallback = "null") @Nullable
        Integer intermediateSize,

        @Key(value = "layers", fallback = "null") @Nullable Integer numHiddenLayers,

        @Key(value = "query heads", fallback = "null") @Nullable
        Integer numAttentionHeads,

        @Key(value = "key/value heads", fallback = "null") @Nullable
        Integer numKeyValueHeads,

        @Key(value = "use the embedding as the output projection", fallback = "true")
        boolean tieWordEmbeddings,

        @Key(value = "sequences a forward pass", fallback = "4")
        int perDeviceTrainBatchSize,

        @Key(value = "tokens a sequence", fallback = "256") int maxLength,

        @Key(
                value = "compute each layer's activations again in the backward pass instead of keeping them",
                fallback = "false")
        boolean gradientCheckpointing,

        @Key(value = "type of AdamW's moments: float32 | bfloat16", fallback = "float32")
        String optimizerStateDtype,

        @Key(value = "steps made before the clock starts", fallback = "3")
        int warmupSteps,

        @Key(value = "steps measured; 0 leaves training out", fallback = "20")
        int measuredSteps,

        @Key(value = "sequences decoded together, one measurement each; [] leaves decoding out", fallback = "[1, 8]")
        List<Integer> decodeBatchSizes,

        @Key(value = "tokens of a prompt", fallback = "32") int decodePromptLength,

        @Key(value = "tokens decoded a sequence", fallback = "64")
        int decodeNewTokens,

        @Key(
                value =
                        "prompts of a rollout, of half to one and a half of decode_prompt_length tokens; 0 leaves it out",
                fallback = "0")
        int rolloutPrompts,

        @Key(value = "completions of each of a rollout's prompts", fallback = "8")
        int rolloutCompletions,

        @Key(value = "tokens of each of a rollout's completions", fallback = "128")
        int rolloutNewTokens,

        @Key(value = "sequences of a rollout decoded together", fallback = "64")
        int rolloutSlots,

        @Key(value = "rollouts measured", fallback = "3") int rolloutRepeats,

        @Key(value = "names the random weights and tokens", fallback = "42")
        long seed,

        @Key(value = "cpu | cuda | cuda:N | auto", fallback = "auto")
        String device,

        @Key(value = "float32 | bfloat16", fallback = "float32")
        String dtype) {

    private static final double EPS = 1e-6;
    private static final double ROPE_THETA = 10_000;

    public BenchConfig {
        List<@Nullable Integer> sizes = Stream.of(
                        vocabSize, hiddenSize, intermediateSize, numHiddenLayers, numAttentionHeads, numKeyValueHeads)
                .toList();
        Check.that(
                model == null
                        ? sizes.stream().allMatch(Objects::nonNull)
                        : sizes.stream().allMatch(Objects::isNull),
                "give either model or all of vocab_size, hidden_size, intermediate_size, num_hidden_layers,"
                        + " num_attention_heads, num_key_value_heads");
        Check.that(
                perDeviceTrainBatchSize > 0,
                "per_device_train_batch_size must be positive, got %d",
                perDeviceTrainBatchSize);
        Check.that(maxLength > 1, "max_length must be at least 2, got %d", maxLength);
        Check.that(warmupSteps >= 0, "warmup_steps must not be negative, got %d", warmupSteps);
        Check.that(measuredSteps >= 0, "measured_steps must not be negative, got %d", measuredSteps);
        Check.that(
                decodeBatchSizes.stream().allMatch(size -> size > 0),
                "decode_batch_sizes must be positive, got %s",
                decodeBatchSizes);
        Check.that(decodePromptLength > 0, "decode_prompt_length must be positive, got %d", decodePromptLength);
        Check.that(decodeNewTokens > 0, "decode_new_tokens must be positive, got %d", decodeNewTokens);
        Check.that(rolloutPrompts >= 0, "rollout_prompts must not be negative, got %d", rolloutPrompts);
        Check.that(rolloutCompletions > 0, "rollout_completions must be positive, got %d", rolloutCompletions);
        Check.that(rolloutNewTokens > 0, "rollout_new_tokens must be positive, got %d", rolloutNewTokens);
        Check.that(rolloutSlots > 0, "rollout_slots must be positive, got %d", rolloutSlots);
        Check.that(rolloutRepeats > 0, "rollout_repeats must be positive, got %d", rolloutRepeats);
        Check.that(
                optimizerStateDtype.matches("float32|bfloat16"),
                "optimizer_state_dtype must be float32 or bfloat16, got %s",
                optimizerStateDtype);
        Check.that(
                device.matches("cpu|auto|cuda(:\\d{1,4})?"),
                "device must be cpu, cuda, cuda:N or auto, got %s",
                device);
        Check.that(dtype.matches("float32|bfloat16"), "dtype must be float32 or bfloat16, got %s", dtype);
        decodeBatchSizes = List.copyOf(decodeBatchSizes);
        if (model == null) {
            var _ = sizes(
                    vocabSize,
                    hiddenSize,
                    intermediateSize,
                    numHiddenLayers,
                    numAttentionHeads,
                    numKeyValueHeads,
                    positions(maxLength, decodePromptLength, decodeNewTokens, rolloutPrompts, rolloutNewTokens),
                    tieWordEmbeddings);
        }
    }

    /// The shape that the keys give.
    Qwen2Config sizes() {
        return sizes(
                vocabSize,
                hiddenSize,
                intermediateSize,
                numHiddenLayers,
                numAttentionHeads,
                numKeyValueHeads,
                positions(),
                tieWordEmbeddings);
    }

    /// Positions that the measurements need.
    int positions() {
        return positions(maxLength, decodePromptLength, decodeNewTokens, rolloutPrompts, rolloutNewTokens);
    }

    private static int positions(int training, int prompt, int newTokens, int rolloutPrompts, int rolloutNewTokens) {
        int rollout = rolloutPrompts == 0 ? 0 : longestRolloutPrompt(prompt) + rolloutNewTokens;
        return Math.max(rollout, Math.max(training, prompt + newTokens));
    }

    /// Tokens of the longest prompt of a rollout.
    int longestRolloutPrompt() {
        return longestRolloutPrompt(decodePromptLength);
    }

    private static int longestRolloutPrompt(int prompt) {
        return prompt + prompt / 2;
    }

    private static Qwen2Config sizes(
            @Nullable Integer vocabulary,
            @Nullable Integer hidden,
            @Nullable Integer intermediate,
            @Nullable Integer layers,
            @Nullable Integer heads,
            @Nullable Integer keyValueHeads,
            int positions,
            boolean tied) {
        return new Qwen2Config(
                Objects.requireNonNull(vocabulary),
                Objects.requireNonNull(hidden),
                Objects.requireNonNull(intermediate),
                Objects.requireNonNull(layers),
                Objects.requireNonNull(heads),
                Objects.requireNonNull(keyValueHeads),
                positions,
                EPS,
                ROPE_THETA,
                tied);
    }
}
