package dev.razor.core.tensor;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/// The ATen operators that Razor calls through the bridge, one typed method each, gradients included.
///
/// Each result belongs to the manager of the method's first argument. All work on float32 and bfloat16 alike,
/// unlike DJL's own methods, which end the process on bfloat16 wherever a data type passes through JNI.
public final class Aten {

    private static final Operator ARGMAX = new Operator("aten::argmax", "");
    private static final Operator BITWISE_AND = new Operator("aten::bitwise_and_", "Tensor");
    private static final Operator CLONE = new Operator("aten::clone", "");
    private static final Operator CONTIGUOUS = new Operator("aten::contiguous", "");
    private static final Operator COPY = new Operator("aten::copy_", "");
    private static final Operator DETACH = new Operator("aten::detach", "");
    private static final Operator DIV_OUT = new Operator("aten::div", "out");
    private static final Operator EMBEDDING = new Operator("aten::embedding", "");
    private static final Operator FLASH_ATTENTION = new Operator("aten::_flash_attention_forward", "");
    private static final Operator GATHER = new Operator("aten::gather", "");
    private static final Operator INDEX_COPY = new Operator("aten::index_copy_", "");
    private static final Operator INDEX_SELECT = new Operator("aten::index_select", "");
    private static final Operator LERP = new Operator("aten::lerp_", "Tensor");
    private static final Operator IS_LEAF = new Operator("aten::is_leaf", "");
    private static final Operator LINEAR = new Operator("aten::linear", "");
    private static final Operator LOG_SOFTMAX = new Operator("aten::log_softmax", "int");
    private static final Operator MATMUL_OUT = new Operator("aten::mm", "out");
    private static final Operator NARROW = new Operator("aten::narrow", "");
    private static final Operator RANDOM = new Operator("aten::random_", "from");
    private static final Operator REPEAT_INTERLEAVE = new Operator("aten::repeat_interleave", "self_int");
    private static final Operator RSQRT = new Operator("aten::rsqrt", "");
    private static final Operator ATTENTION = new Operator("aten::scaled_dot_product_attention", "");
    private static final Operator SCATTER_ADD = new Operator("aten::scatter_add_", "");
    private static final Operator SEARCH_SORTED = new Operator("aten::searchsorted", "Tensor");
    private static final Operator SILU = new Operator("aten::silu", "");
    private static final Operator SOFTMAX = new Operator("aten::softmax", "int");
    private static final Operator SORT = new Operator("aten::sort", "stable");
    private static final Operator SQRT_OUT = new Operator("aten::sqrt", "out");
    private static final Operator SVD = new Operator("aten::linalg_svd", "");
    private static final Operator SVD_VALUES = new Operator("aten::linalg_svdvals", "");
    private static final Operator TO = new Operator("aten::to", "dtype");
    private static final Operator TRANSPOSE = new Operator("aten::transpose", "int");
    private static final Operator VIEW_DTYPE = new Operator("aten::view", "dtype");
    private static final Operator ZERO = new Operator("aten::zero_", "");

    private Aten() {}

    /// The index of the largest entry along the last axis: `[..., V] -> [...]`, int64.
    public static NDArray argmaxLast(NDArray x) {
        return ARGMAX.call().tensor(x).optionalInteger(-1).flag(false).invoke(x);
    }

    /// `target &= mask`, integers.
    public static void bitwiseAndInPlace(NDArray target, NDArray mask) {
        BITWISE_AND.call().tensor(target).tensor(mask).invokeInPlace(target);
    }

    /// A copy with memory of its own; the gradient passes.
    public static NDArray copyOf(NDArray x) {
        return CLONE.call().tensor(x).none().invoke(x);
    }

    /// `x` with its entries in row-major order; `x` itself where they are already.
    public static NDArray contiguous(NDArray x) {
        return CONTIGUOUS.call().tensor(x).integer(0).invoke(x);
    }

    /// Overwrites `target` with `source`, converted to the target's type and device.
    public static void copyInPlace(NDArray target, NDArray source) {
        COPY.call().tensor(target).tensor(source).flag(false).invokeInPlace(target);
    }

    /// `x / divisor`, and the gradient passes; see [#times].
    public static NDArray over(NDArray x, double divisor) {
        try (NDArray number = Tensors.scalar(x.getManager(), divisor)) {
            return x.div(number);
        }
    }

    /// `x factor`, and the gradient passes. DJL's `mul` and `div` by a number leave in the graph a tensor over
    /// the memory of a Java buffer, which the garbage collector frees before the backward pass reads it.
    public static NDArray times(NDArray x, double factor) {
        try (NDArray number = Tensors.scalar(x.getManager(), factor)) {
            return x.mul(number);
        }
    }

    /// The same values, cut off from the graph.
    public static NDArray detach(NDArray x) {
        return DETACH.call().tensor(x).invoke(x);
    }

    /// `target = x / y`; the target may be one of them.
    public static void divideInto(NDArray target, NDArray x, NDArray y) {
        DIV_OUT.call().tensor(x).tensor(y).tensor(target).invokeInPlace(target);
    }

    /// Rows of a table: ids `[...]` int64, weight `[V, D] -> [..., D]`.
    public static NDArray embedding(NDArray ids, NDArray weight) {
        return EMBEDDING
                .call()
                .tensor(weight)
                .tensor(ids)
                .integer(-1)
                .flag(false)
                .flag(false)
                .invoke(ids);
    }

    /// `y[i, j] = x[i, index[i, j]]` for `axis` 1, and so on; index int64 of the result's shape.
    public static NDArray gather(NDArray x, int axis, NDArray index) {
        return GATHER.call().tensor(x).integer(axis).tensor(index).flag(false).invoke(x);
    }

    /// `target[index[i]] = source[i]` along `axis`, in place; index `[n]` int64.
    public static void indexCopyInPlace(NDArray target, int axis, NDArray index, NDArray source) {
        INDEX_COPY
                .call()
                .tensor(target)
                .integer(axis)
                .tensor(index)
                .tensor(source)
                .invokeInPlace(target);
    }

    /// The slices of `x` that `index` `[n]` int64 names along `axis`, in that order.
    public static NDArray indexSelect(NDArray x, int axis, NDArray index) {
        return INDEX_SELECT.call().tensor(x).integer(axis).tensor(index).invoke(x);
    }

    /// `target = target + weight (end - target)`; the weight is a tensor of no axes.
    public static void lerpInPlace(NDArray target, NDArray end, NDArray weight) {
        LERP.call().tensor(target).tensor(end).tensor(weight).invokeInPlace(target);
    }

    /// Whether nothing was recorded on the way to `x`: it is a parameter, or no parameter had a part in it.
    static boolean isLeaf(NDArray x) {
        return IS_LEAF.call().tensor(x).invokeFlag();
    }

    /// `x W^T + b`: `[..., in]`, weight `[out, in]`, bias `[out] -> [..., out]`.
    public static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        return LINEAR.call().tensor(x).tensor(weight).optionalTensor(bias).invoke(x);
    }

    /// Log-probabilities over the last axis, in the type of `x`.
    public static NDArray logSoftmaxLast(NDArray x) {
        return LOG_SOFTMAX.call().tensor(x).integer(-1).none().invoke(x);
    }

    /// `target = x y`, matrices: `[m, k]`, `[k, n] -> [m, n]`.
    public static void matmulInto(NDArray target, NDArray x, NDArray y) {
        MATMUL_OUT.call().tensor(x).tensor(y).tensor(target).invokeInPlace(target);
    }

    /// A view of `length` slices of `x` from `start` on, along `axis`.
    public static NDArray narrow(NDArray x, int axis, long start, long length) {
        return NARROW.call()
                .tensor(x)
                .integer(axis)
                .integer(start)
                .integer(length)
                .invoke(x);
    }

    /// Fills `target` with integers uniform in `0 .. bound-1` from libtorch's generator.
    public static void randomInPlace(NDArray target, long bound) {
        RANDOM.call().tensor(target).integer(0).optionalInteger(bound).none().invokeInPlace(target);
    }

    /// `1 / sqrt(x)`.
    public static NDArray rsqrt(NDArray x) {
        return RSQRT.call().tensor(x).invoke(x);
    }

    /// Attention whose position `t` sees positions `0 .. t`: query `[B, N, T, K]`, key and value `[B, G, T, K]`
    /// with `N` a multiple of `G`, scaled by `1 / sqrt(K)` `-> [B, N, T, K]`.
    public static NDArray causalAttention(NDArray query, NDArray key, NDArray value) {
        NDArray keys = headsFor(query, key);
        NDArray values = headsFor(query, value);
        return ATTENTION
                .call()
                .tensor(query)
                .tensor(keys)
                .tensor(values)
                .none()
                .number(0)
                .flag(true)
                .none()
                .flag(true)
                .invoke(query);
    }

    /// Attention under an additive mask `[B, 1, T, S]` (zero where a position may look, minus infinity
    /// elsewhere, of any type): query `[B, N, T, K]`, key and value `[B, G, S, K] -> [B, N, T, K]`. A row that
    /// may look nowhere gives NaN.
    public static NDArray maskedAttention(NDArray query, NDArray key, NDArray value, NDArray mask) {
        NDArray keys = headsFor(query, key);
        NDArray values = headsFor(query, value);
        NDArray typed = to(mask, Tensors.dtype(query));
        return ATTENTION
                .call()
                .tensor(query)
                .tensor(keys)
                .tensor(values)
                .optionalTensor(typed)
                .number(0)
                .flag(false)
                .none()
                .flag(true)
                .invoke(query);
    }

    /// Keys or values with as many heads as the query. Of libtorch's fused attentions only the flash attention
    /// on CUDA (bfloat16) shares heads itself: elsewhere, where they differ in number, libtorch falls back to
    /// writing out `[B, N, T, T]` weights, kept for the backward pass.
    private static NDArray headsFor(NDArray query, NDArray shared) {
        long repeats = query.getShape().get(1) / shared.getShape().get(1);
        boolean shares = query.getDevice().isGpu() && Tensors.dtype(query) == Dtype.BFLOAT16;
        return repeats == 1 || shares ? shared : repeatInterleave(shared, 1, repeats);
    }

    /// Each slice of `x` along `axis` as often as `repeats` says, side by side.
    private static NDArray repeatInterleave(NDArray x, int axis, long repeats) {
        return REPEAT_INTERLEAVE
                .call()
                .tensor(x)
                .integer(repeats)
                .optionalInteger(axis)
                .none()
                .invoke(x);
    }

    /// `target[i, index[i, j]] += source[i, j]` for `axis` 1, and so on, in place; index int64 of the source's
    /// shape.
    public static void scatterAddInPlace(NDArray target, int axis, NDArray index, NDArray source) {
        SCATTER_ADD
                .call()
                .tensor(target)
                .integer(axis)
                .tensor(index)
                .tensor(source)
                .invokeInPlace(target);
    }

    /// The first index of each row of `rows` whose entry is above the row's value, or the row's length where none
    /// is: `[B, V]`, ascending along the last axis, and `[B, 1] -> [B, 1]`, int64.
    public static NDArray firstAbove(NDArray rows, NDArray values) {
        return SEARCH_SORTED
                .call()
                .tensor(rows)
                .tensor(values)
                .flag(false)
                .flag(true)
                .none()
                .none()
                .invoke(rows);
    }

    /// Causal attention of sequences laid end to end, none of which sees another, by variable-length flash
    /// attention: query `[1, N, T, K]`, key and value `[1, G, T, K]` in bfloat16 on CUDA `-> [1, N, T, K]`.
    ///
    /// @param starts `[n + 1]` int32: where each sequence begins, and where the last one ends
    /// @param longest tokens of the longest
    public static NDArray packedFlashAttention(
            NDArray query, NDArray key, NDArray value, NDArray starts, long longest) {
        NDArray queries = transpose(query, 1, 2).squeeze(0); // [T, N, K]
        NDArray keys = transpose(key, 1, 2).squeeze(0);
        NDArray values = transpose(value, 1, 2).squeeze(0);
        NDArray[] results = FLASH_ATTENTION
                .call()
                .tensor(queries)
                .tensor(keys)
                .tensor(values)
                .optionalTensor(starts)
                .optionalTensor(starts)
                .integer(longest)
                .integer(longest)
                .number(0)
                .flag(true)
                .flag(false)
                .none()
                .none()
                .none()
                .none()
                .none()
                .invokeAll(query, 5);
        return transpose(results[0].expandDims(0), 1, 2);
    }

    /// `x sigmoid(x)`.
    public static NDArray silu(NDArray x) {
        return SILU.call().tensor(x).invoke(x);
    }

    /// Probabilities over the last axis, in the type of `x`.
    public static NDArray softmaxLast(NDArray x) {
        return SOFTMAX.call().tensor(x).integer(-1).none().invoke(x);
    }

    /// The entries of the last axis from largest to smallest, equal ones in their order, and where each stood
    /// (int64).
    public static NDArray[] sortDescendingLast(NDArray x) {
        return SORT.call().tensor(x).optionalInteger(1).integer(-1).flag(true).invokeAll(x, 2);
    }

    /// `target = sqrt(x)`.
    public static void sqrtInto(NDArray target, NDArray x) {
        SQRT_OUT.call().tensor(x).tensor(target).invokeInPlace(target);
    }

    /// The singular value decomposition `x = U diag(S) V^T` of a float32 or float64 matrix `[m, n]`, with
    /// `r = min(m, n)`: `U [m, r]`, `S [r]` from the largest down, `V^T [r, n]`.
    public static NDArray[] svd(NDArray x) {
        return SVD.call().tensor(x).flag(false).none().invokeAll(x, 3);
    }

    /// The singular values of a float32 or float64 matrix `[m, n] -> [min(m, n)]`, from the largest down.
    public static NDArray singularValues(NDArray x) {
        return SVD_VALUES.call().tensor(x).none().invoke(x);
    }

    /// `x` in another type; the gradient passes (DJL's `toType` cuts it). `x` itself where the type is right
    /// already.
    public static NDArray to(NDArray x, Dtype dtype) {
        return TO.call().tensor(x).type(dtype).flag(false).flag(false).none().invoke(x);
    }

    /// A view with two axes swapped.
    public static NDArray transpose(NDArray x, int axis0, int axis1) {
        return TRANSPOSE.call().tensor(x).integer(axis0).integer(axis1).invoke(x);
    }

    /// The same memory read as another type of the same size.
    public static NDArray viewAs(NDArray x, Dtype dtype) {
        return VIEW_DTYPE.call().tensor(x).type(dtype).invoke(x);
    }

    /// Sets every entry to zero, NaN included.
    public static void zeroInPlace(NDArray x) {
        ZERO.call().tensor(x).invokeInPlace(x);
    }
}
