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
/// @param batch examples a forward pass
/// @param accumulation forward passes an optimiser step
/// @param length tokens of the longest sequence
/// @param recompute whether each layer's activations are computed again in the backward pass
/// @param loraRank rank of a low-rank adapter on every linear layer but the head; 0 trains the weights themselves
/// @param frozenBytes weights of models that are only read, as far as they are in memory and not mapped
/// @param frozenMappedBytes weights of models that are only read and stay mapped to their files
/// @param klPenalty whether the loss needs a second model's logits beside the first's
/// @param sampledSequences sequences that the model writes together while it trains; 0 writes none
/// @param sampledLength tokens such a sequence may have, its prompt included
/// @param answers sequences an example has: 1, or 2 of a pair of a chosen and a rejected answer
public record MemorySettings(
        boolean gpu,
        Dtype dtype,
        Dtype moments,
        int batch,
        int accumulation,
        int length,
        boolean recompute,
        int loraRank,
        long frozenBytes,
        long frozenMappedBytes,
        boolean klPenalty,
        int sampledSequences,
        int sampledLength,
        int answers) {

    public MemorySettings {
        dtype.requireCompute();
        moments.requireCompute();
        Check.that(batch > 0, "a forward pass needs at least one sequence, got %d", batch);
        Check.that(length > 0, "a sequence needs at least one token, got %d", length);
        Check.that(loraRank >= 0, "lora_r must not be negative, got %d", loraRank);
        Check.that(answers > 0, "an example needs at least one answer, got %d", answers);
    }

    /// Those of a run whose examples are sequences.
    public MemorySettings(
            boolean gpu,
            Dtype dtype,
            Dtype moments,
            int batch,
            int accumulation,
            int length,
            boolean recompute,
            int loraRank,
            long frozenBytes,
            long frozenMappedBytes,
            boolean klPenalty,
            int sampledSequences,
            int sampledLength) {
        this(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                1);
    }

    /// Those of a run that trains all weights and needs no other model.
    ///
    /// @param dtype the type the model will be computed in
    /// @param length tokens of the longest sequence
    public static MemorySettings of(TrainingArguments arguments, boolean gpu, Dtype dtype, int length) {
        return new MemorySettings(
                gpu,
                dtype,
                arguments.optimizerStateDtype().equals("bfloat16") ? Dtype.BFLOAT16 : Dtype.FLOAT32,
                arguments.perDeviceTrainBatchSize(),
                arguments.gradientAccumulationSteps(),
                length,
                arguments.gradientCheckpointing(),
                0,
                0,
                0,
                false,
                0,
                0);
    }

    public MemorySettings withLora(LoraArguments lora) {
        return withLoraRank(lora.usePeft() ? lora.loraR() : 0);
    }

    public MemorySettings withLoraRank(int rank) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                rank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    /// With one more model of `bytes` that is only read.
    ///
    /// @param mapped whether it stays mapped to its files, as on a CPU in its stored type
    public MemorySettings withFrozen(long bytes, boolean mapped) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes + (mapped ? 0 : bytes),
                frozenMappedBytes + (mapped ? bytes : 0),
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    public MemorySettings withKlPenalty(boolean value) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                value,
                sampledSequences,
                sampledLength,
                answers);
    }

    /// With sequences that the model writes; of several kinds the most cached tokens count.
    ///
    /// @param sequences those that are written together, the slots of a [dev.razor.core.generate.Generator]
    /// @param tokens of such a sequence, its prompt included
    public MemorySettings withSampling(int sequences, int tokens) {
        if ((long) sequences * tokens <= (long) sampledSequences * sampledLength) {
            return this;
        }
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sequences,
                tokens,
                answers);
    }

    public MemorySettings withRecompute(boolean value) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                value,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    /// With another size of a forward pass; the caller keeps the step's size through `accumulation`.
    public MemorySettings withBatch(int sequences, int passes) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                sequences,
                passes,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    public MemorySettings withLength(int tokens) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                tokens,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    public MemorySettings withMoments(Dtype value) {
        return new MemorySettings(
                gpu,
                dtype,
                value,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    /// In another type; what is known of frozen models stays.
    public MemorySettings withDtype(Dtype value) {
        return new MemorySettings(
                gpu,
                value,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                answers);
    }

    /// With examples of several sequences each.
    public MemorySettings withAnswers(int value) {
        return new MemorySettings(
                gpu,
                dtype,
                moments,
                batch,
                accumulation,
                length,
                recompute,
                loraRank,
                frozenBytes,
                frozenMappedBytes,
                klPenalty,
                sampledSequences,
                sampledLength,
                value);
    }

    /// The type that attention is computed in.
    Dtype attentionType() {
        return AttentionContext.computeType(dtype, gpu);
    }

    /// Tokens of a forward pass, padding included.
    long tokens() {
        return (long) batch * answers * length;
    }
}
