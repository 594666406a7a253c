package dev.razor.core.model.qwen2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.model.KvCache;
import dev.razor.core.model.LayerStates;
import dev.razor.core.model.RecomputedPass;
import dev.razor.core.nn.Embedding;
import dev.razor.core.nn.Linear;
import dev.razor.core.nn.RmsNorm;
import dev.razor.core.nn.Rope;
import dev.razor.core.nn.Weights;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Scopes;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The Qwen2 decoder: grouped-query attention with biased q/k/v projections, rotary positions, SwiGLU
/// feed-forward, pre-norm residual blocks.
///
/// The residual stream is float32 also where the weights are bfloat16: what the layers add to it is not rounded
/// again at every layer, and the norms, which need it in float32, take it without a copy. transformers keeps it
/// in the type of the weights.
///
/// Attention has a type of its own ([AttentionContext#computeType]).
///
/// Shapes in this file: `B` batch, `T` time, `D` hidden size, `F` feed-forward size, `V` vocabulary, `N` query
/// heads, `G` key/value heads, `K` channels per head.
///
/// @see <a href="https://arxiv.org/abs/2407.10671">Qwen2 Technical Report</a>
public final class Qwen2Decoder implements CausalLm {

    private final Qwen2Config config;
    private final Embedding embedding;
    private final List<Block> blocks;
    private final RmsNorm norm;
    private final Linear head;
    private final Rope rope;

    private Qwen2Decoder(
            Qwen2Config config, Embedding embedding, List<Block> blocks, RmsNorm norm, Linear head, Rope rope) {
        this.config = config;
        this.embedding = embedding;
        this.blocks = blocks;
        this.norm = norm;
        this.head = head;
        this.rope = rope;
    }

    public static Qwen2Decoder load(NDManager manager, Qwen2Config config, Weights weights) {
        Weights model = weights.at("model");
        Embedding embedding = Embedding.load(model.at("embed_tokens"), config.vocabSize(), config.hiddenSize());
        List<Block> blocks = IntStream.range(0, config.numHiddenLayers())
                .mapToObj(i -> Block.load(model.at("layers").at(Integer.toString(i)), config))
                .toList();
        RmsNorm norm = RmsNorm.load(model.at("norm"), config.hiddenSize(), config.rmsNormEps());
        Linear head = config.tieWordEmbeddings()
                ? embedding.asOutput()
                : Linear.load(weights.at("lm_head"), config.hiddenSize(), config.vocabSize());
        Dtype dtype = Tensors.dtype(embedding.weight()).requireCompute();
        Rope rope = new Rope(manager, config.headDim(), config.maxPositionEmbeddings(), config.ropeTheta(), dtype);
        return new Qwen2Decoder(config, embedding, blocks, norm, head, rope);
    }

    @Override
    public NDArray hidden(NDArray tokens, AttentionContext context, LayerStates states) {
        NDArray x = embed(tokens);
        List<UnaryOperator<NDArray>> layers = layers(tokens, context);
        for (int i = 0; i < layers.size(); i++) {
            UnaryOperator<NDArray> layer = layers.get(i);
            NDArray input = x;
            x = Scopes.keepResult(() -> layer.apply(input));
            states.accept(i, x);
        }
        return norm.apply(x);
    }

    @Override
    public ForwardPass forward(NDArray tokens, AttentionContext context, boolean recompute) {
        return recompute
                ? RecomputedPass.of(() -> embed(tokens), layers(tokens, context), norm::apply)
                : ForwardPass.recorded(hidden(tokens, context));
    }

    /// `[B, T] -> [B, T, D]`.
    private NDArray embed(NDArray tokens) {
        return Aten.to(
                embedding.apply(tokens), Tensors.dtype(embedding.weight()).ofSums());
    }

    private List<UnaryOperator<NDArray>> layers(NDArray tokens, AttentionContext context) {
        Rope.Rotation rotation = context.rotation(rope, tokens.getShape().get(1));
        List<UnaryOperator<NDArray>> layers = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            int layer = i;
            layers.add(x -> block.apply(x, layer, rotation, context));
        }
        return layers;
    }

    @Override
    public int layers() {
        return blocks.size();
    }

    @Override
    public Linear head() {
        return head;
    }

    @Override
    public int vocabularySize() {
        return config.vocabSize();
    }

    @Override
    public int contextLength() {
        return config.maxPositionEmbeddings();
    }

    @Override
    public KvCache newCache(NDManager manager, int slots, int capacity) {
        return new KvCache(
                manager,
                AttentionContext.computeType(
                        Tensors.dtype(embedding.weight()), manager.getDevice().isGpu()),
                blocks.size(),
                slots,
                capacity,
                config.numKeyValueHeads(),
                config.headDim());
    }

    private record Block(RmsNorm inputNorm, Attention attention, RmsNorm postNorm, FeedForward mlp) {

        static Block load(Weights weights, Qwen2Config config) {
            int dim = config.hiddenSize();
            return new Block(
                    RmsNorm.load(weights.at("input_layernorm"), dim, config.rmsNormEps()),
                    Attention.load(weights.at("self_attn"), config),
                    RmsNorm.load(weights.at("post_attention_layernorm"), dim, config.rmsNormEps()),
                    FeedForward.load(weights.at("mlp"), config));
        }

        NDArray apply(NDArray x, int layer, Rope.Rotation rotation, AttentionContext context) {
            NDArray h = x.add(attention.apply(inputNorm.apply(x), layer, rotation, context));
            return h.add(mlp.apply(postNorm.apply(h)));
        }
    }

    private record Attention(Linear query, Linear key, Linear value, Linear output, int headDim) {

        static Attention load(Weights weights, Qwen2Config config) {
            int dim = config.hiddenSize();
            int keyDim = config.numKeyValueHeads() * config.headDim();
            return new Attention(
                    Linear.loadWithBias(weights.at("q_proj"), dim, dim),
                    Linear.loadWithBias(weights.at("k_proj"), dim, keyDim),
                    Linear.loadWithBias(weights.at("v_proj"), dim, keyDim),
                    Linear.load(weights.at("o_proj"), dim, dim),
                    config.headDim());
        }

        NDArray apply(NDArray x, int layer, Rope.Rotation rotation, AttentionContext context) {
            Dtype dtype = Tensors.dtype(x);
            Dtype inner = AttentionContext.computeType(dtype, x.getDevice().isGpu());
            NDArray q = Aten.to(rotation.apply(heads(query.apply(x))), inner); // [B, N, T, K]
            NDArray k = Aten.to(rotation.apply(heads(key.apply(x))), inner); // [B, G, T, K]
            NDArray v = Aten.to(heads(value.apply(x)), inner); // [B, G, T, K]
            NDArray mixed = Aten.to(context.attend(layer, q, k, v), dtype); // [B, N, T, K]
            return output.apply(Aten.transpose(mixed, 1, 2).reshape(x.getShape())); // [B, T, D]
        }

        /// `[B, T, heads K] -> [B, heads, T, K]`.
        private NDArray heads(NDArray x) {
            Shape shape = x.getShape();
            return Aten.transpose(x.reshape(shape.get(0), shape.get(1), -1, headDim), 1, 2);
        }
    }

    private record FeedForward(Linear gate, Linear up, Linear down) {

        static FeedForward load(Weights weights, Qwen2Config config) {
            int dim = config.hiddenSize();
            int hidden = config.intermediateSize();
            return new FeedForward(
                    Linear.load(weights.at("gate_proj"), dim, hidden),
                    Linear.load(weights.at("up_proj"), dim, hidden),
                    Linear.load(weights.at("down_proj"), hidden, dim));
        }

        NDArray apply(NDArray x) {
            NDArray gated = Aten.silu(gate.apply(x)).mul(up.apply(x)); // [B, T, F]
            return down.apply(gated);
        }
    }
}
