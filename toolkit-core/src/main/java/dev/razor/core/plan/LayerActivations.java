package dev.razor.core.plan;

import dev.razor.core.model.qwen2.Qwen2Config;
import java.util.ArrayList;
import java.util.List;

/// The tensors that one layer of a Qwen2 decoder leaves in memory for its backward pass. This is the one place
/// that knows them: a change of the decoder's operators changes this list.
///
/// Letters: `R` tokens of the forward pass, `D` hidden size, `M` width of all key/value heads, `F` feed-forward
/// size, `N` query heads, `T` tokens a sequence, `s` bytes of the weights' type, `a` of attention's.
///
/// Attention runs in kernels that keep no probabilities. On CUDA in bfloat16 they share key/value heads
/// themselves; elsewhere keys and values are repeated for each query head first ([dev.razor.core.tensor.Aten]).
///
/// On a CPU `MeasuredActivationsTest` holds it to a tenth of the resident memory.
///
/// @param shape the model's sizes
/// @param settings the run's
public record LayerActivations(Qwen2Config shape, MemorySettings settings) {

    /// A tensor that autograd keeps.
    public record Kept(String name, long bytes) {}

    /// All of them, in the order of the forward pass.
    public List<Kept> kept() {
        long rows = settings.pass().tokens();
        long s = settings.dtype().bytes();
        long d = shape.hiddenSize();
        long m = (long) shape.numKeyValueHeads() * shape.headDim();
        long f = shape.intermediateSize();
        boolean frozen = settings.loraRank() > 0;
        List<Kept> kept = new ArrayList<>();
        norm("input_layernorm", rows, s, d, frozen, kept);
        long a = settings.attentionType().bytes();
        kept.add(new Kept("rotated query", rows * a * d));
        kept.add(new Kept("rotated key, value", rows * a * 2 * (sharesHeads() ? m : d)));
        kept.add(new Kept(
                "attention's log-sum-exp, float32 at least", rows * Math.max(4, a) * shape.numAttentionHeads()));
        kept.add(new Kept("attention's output", rows * a * d));
        kept.add(new Kept("attention's output in the model's type", a == s ? 0 : rows * s * d));
        norm("post_attention_layernorm", rows, s, d, frozen, kept);
        kept.add(new Kept("gate, silu(gate), up and their product", rows * s * 4 * f));
        if (frozen) {
            // x A^T of the seven linear layers
            kept.add(new Kept("adapters' inner values", rows * s * 7 * settings.loraRank()));
        }
        return kept;
    }

    private static void norm(String name, long rows, long s, long d, boolean frozen, List<Kept> kept) {
        kept.add(new Kept(name + ": its input, float32", rows * 4 * d));
        kept.add(new Kept(name + ": root of the squares and its inverse", rows * 8));
        if (!frozen) {
            // the gradient of the norm's weight needs it
            kept.add(new Kept(name + ": before the weight, float32", rows * 4 * d));
        }
        kept.add(new Kept(name + ": its output", rows * s * d));
    }

    /// Whether attention takes keys and values that several query heads share as they are.
    private boolean sharesHeads() {
        return settings.gpu() && settings.dtype().bytes() == 2;
    }

    public long bytes() {
        return kept().stream().mapToLong(Kept::bytes).sum();
    }

    /// What is kept of a layer that is computed again: its input, in float32.
    public long inputBytes() {
        return settings.pass().tokens() * 4 * shape.hiddenSize();
    }

    /// The most that the layer's forward or backward pass has beside what is kept: in the backward pass the
    /// gradients of the feed-forward's three wide tensors, and those of the residual stream.
    public long workingBytes() {
        long wide = 3L * settings.dtype().bytes() * shape.intermediateSize();
        return settings.pass().tokens() * (wide + 3L * 4 * shape.hiddenSize());
    }
}
