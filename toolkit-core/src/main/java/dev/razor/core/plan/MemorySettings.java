package dev.razor.core.plan;

import dev.razor.core.base.Check;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.train.LoraArguments;
import dev.razor.core.train.TrainingArguments;

/// What of a run's configuration decides its memory.
///
/// @param gpu whether it runs on a CUDA device
/// @param dtype the type of the weights
/// @param moments the type of AdamW's two moments
/// @param loraRank rank of a low-rank adapter on every linear layer but the head; 0 trains the weights themselves
/// @param klPenalty whether the loss needs a second model's logits beside the first's
public record MemorySettings(
        boolean gpu,
        Dtype dtype,
        Dtype moments,
        Pass pass,
        int loraRank,
        FrozenModels frozen,
        boolean klPenalty,
        Sampling sampling) {

    public MemorySettings {
        dtype.requireCompute();
        moments.requireCompute();
        Check.that(loraRank >= 0, "lora_r must not be negative, got %d", loraRank);
    }

    /// A forward and backward pass.
    ///
    /// @param batch examples
    /// @param accumulation passes an optimiser step
    /// @param length tokens of the longest sequence
    /// @param answers sequences an example has: 1, or 2 of a pair of a chosen and a rejected answer
    /// @param recompute whether each layer's activations are computed again in the backward pass
    public record Pass(int batch, int accumulation, int length, int answers, boolean recompute) {

        public Pass {
            Check.that(batch > 0, "a forward pass needs at least one sequence, got %d", batch);
            Check.that(length > 0, "a sequence needs at least one token, got %d", length);
            Check.that(answers > 0, "an example needs at least one answer, got %d", answers);
        }

        /// Tokens, padding included.
        long tokens() {
            return (long) batch * answers * length;
        }
    }

    /// Weights of models that are only read.
    ///
    /// @param bytes as far as they are in memory and not mapped
    /// @param mappedBytes as far as they stay mapped to their files
    public record FrozenModels(long bytes, long mappedBytes) {

        static final FrozenModels NONE = new FrozenModels(0, 0);
    }

    /// Sequences that the model writes while it trains.
    ///
    /// @param sequences written together; 0 writes none
    /// @param length tokens such a sequence may have, its prompt included
    public record Sampling(int sequences, int length) {

        static final Sampling NONE = new Sampling(0, 0);
    }

    /// Those of a run that trains all weights in float32's moments, needs no other model and writes nothing.
    public static MemorySettings of(boolean gpu, Dtype dtype, Pass pass) {
        return new MemorySettings(gpu, dtype, Dtype.FLOAT32, pass, 0, FrozenModels.NONE, false, Sampling.NONE);
    }

    /// Those of a run that trains all weights and needs no other model.
    ///
    /// @param dtype the type the model will be computed in
    /// @param length tokens of the longest sequence
    public static MemorySettings of(TrainingArguments arguments, boolean gpu, Dtype dtype, int length) {
        var pass = new Pass(
                arguments.perDeviceTrainBatchSize(),
                arguments.gradientAccumulationSteps(),
                length,
                1,
                arguments.gradientCheckpointing());
        return of(gpu, dtype, pass)
                .withMoments(arguments.optimizerStateDtype().equals("bfloat16") ? Dtype.BFLOAT16 : Dtype.FLOAT32);
    }

    public MemorySettings withLora(LoraArguments lora) {
        return withLoraRank(lora.usePeft() ? lora.loraR() : 0);
    }

    public MemorySettings withLoraRank(int rank) {
        return new MemorySettings(gpu, dtype, moments, pass, rank, frozen, klPenalty, sampling);
    }

    /// With one more model of `bytes` that is only read.
    ///
    /// @param mapped whether it stays mapped to its files, as on a CPU in its stored type
    public MemorySettings withFrozen(long bytes, boolean mapped) {
        var more = new FrozenModels(frozen.bytes + (mapped ? 0 : bytes), frozen.mappedBytes + (mapped ? bytes : 0));
        return new MemorySettings(gpu, dtype, moments, pass, loraRank, more, klPenalty, sampling);
    }

    public MemorySettings withKlPenalty(boolean value) {
        return new MemorySettings(gpu, dtype, moments, pass, loraRank, frozen, value, sampling);
    }

    /// With sequences that the model writes; of several kinds the most cached tokens count.
    ///
    /// @param sequences those that are written together, the slots of a [dev.razor.core.generate.Generator]
    /// @param tokens of such a sequence, its prompt included
    public MemorySettings withSampling(int sequences, int tokens) {
        if ((long) sequences * tokens <= (long) sampling.sequences * sampling.length) {
            return this;
        }
        var written = new Sampling(sequences, tokens);
        return new MemorySettings(gpu, dtype, moments, pass, loraRank, frozen, klPenalty, written);
    }

    public MemorySettings withRecompute(boolean value) {
        return withPass(new Pass(pass.batch, pass.accumulation, pass.length, pass.answers, value));
    }

    /// With another size of a forward pass; the caller keeps the step's size through `accumulation`.
    public MemorySettings withBatch(int examples, int accumulation) {
        return withPass(new Pass(examples, accumulation, pass.length, pass.answers, pass.recompute));
    }

    public MemorySettings withLength(int tokens) {
        return withPass(new Pass(pass.batch, pass.accumulation, tokens, pass.answers, pass.recompute));
    }

    /// With examples of several sequences each.
    public MemorySettings withAnswers(int answers) {
        return withPass(new Pass(pass.batch, pass.accumulation, pass.length, answers, pass.recompute));
    }

    private MemorySettings withPass(Pass value) {
        return new MemorySettings(gpu, dtype, moments, value, loraRank, frozen, klPenalty, sampling);
    }

    public MemorySettings withMoments(Dtype value) {
        return new MemorySettings(gpu, dtype, value, pass, loraRank, frozen, klPenalty, sampling);
    }

    /// In another type; what is known of frozen models stays.
    public MemorySettings withDtype(Dtype value) {
        return new MemorySettings(gpu, value, moments, pass, loraRank, frozen, klPenalty, sampling);
    }

    /// The type that attention is computed in.
    Dtype attentionType() {
        return AttentionContext.computeType(dtype, gpu);
    }
}
