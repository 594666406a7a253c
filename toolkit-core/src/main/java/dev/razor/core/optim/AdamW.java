package dev.razor.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// AdamW with decoupled weight decay on matrices only (biases and norms are left alone), at step `t` from 1 on:
///
/// ```
/// theta = theta (1 - lr decay)                                 tensors of two or more axes
/// m = m + (1 - beta1) (g - m)
/// v = v + (1 - beta2) (g^2 - v)
/// theta = theta - lr sqrt(c2) / c1  m / (sqrt(v) + eps sqrt(c2))       c1 = 1 - beta1^t,  c2 = 1 - beta2^t
/// ```
///
/// which is PyTorch's `lr / c1 m / (sqrt(v) / sqrt(c2) + eps)` with one pass over memory less. All of it
/// happens in place, the gradient serving as scratch memory, piece by piece.
///
/// A bfloat16 parameter has a float32 master copy, which takes the update and is rounded into the parameter,
/// since most updates are smaller than a bfloat16 step. The moments are float32, or bfloat16: then they are
/// rounded up or down at random, so that they are right in the mean (rounded to the nearest, `v` would stand
/// still: it moves by a thousandth a step, and a bfloat16 has 8 bits).
///
/// Bytes a parameter, with its gradient: float32 4 + 4 + 8, bfloat16 2 + 2 + 4 + 8; bfloat16 moments take 4 less.
///
/// @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2017</a>
public final class AdamW implements AutoCloseable {

    /// Elements that are updated at a time: on the CPU four float32 tensors of them take 16 MiB, which the last
    /// level of a cache holds, and waking the threads for each operator costs little; on CUDA what is made on
    /// the way stays below 256 MiB.
    private static final long PIECE = 1 << 20;

    private static final long CUDA_PIECE = 1 << 24;

    /// The constants of the update.
    ///
    /// @param momentType float32 or bfloat16
    /// @param seed names the random rounding of bfloat16 moments
    public record Settings(
            double beta1, double beta2, double epsilon, double weightDecay, Dtype momentType, long seed) {
        public Settings {
            Check.that(0 <= beta1 && beta1 < 1, "adam_beta1 must be in [0, 1), got %s", beta1);
            Check.that(0 <= beta2 && beta2 < 1, "adam_beta2 must be in [0, 1), got %s", beta2);
            Check.that(epsilon > 0, "adam_epsilon must be positive, got %s", epsilon);
            Check.that(weightDecay >= 0, "weight_decay must not be negative, got %s", weightDecay);
            momentType.requireCompute();
        }

        /// With float32 moments.
        public Settings(double beta1, double beta2, double epsilon, double weightDecay) {
            this(beta1, beta2, epsilon, weightDecay, Dtype.FLOAT32, 0);
        }
    }

    /// A parameter and what is remembered of it.
    ///
    /// @param master the float32 copy of a bfloat16 parameter
    /// @param mean `m`
    /// @param square `v`
    private record Slot(NDArray parameter, @Nullable NDArray master, NDArray mean, NDArray square) {

        /// What takes the update, float32.
        NDArray theta() {
            return master == null ? parameter : master;
        }
    }

    private final Settings settings;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private int steps;

    public AdamW(Map<String, NDArray> parameters, Settings settings) {
        this.settings = settings;
        try (GradMode _ = GradMode.off()) {
            parameters.forEach((name, parameter) -> slots.put(name, slot(parameter, settings.momentType)));
        }
    }

    private static Slot slot(NDArray parameter, Dtype momentType) {
        NDManager manager = parameter.getManager();
        long[] shape = parameter.getShape().getShape();
        NDArray mean = Tensors.zeros(manager, momentType, shape);
        NDArray square = Tensors.zeros(manager, momentType, shape);
        NDScope.unregister(mean, square);
        if (Tensors.dtype(parameter) == Dtype.FLOAT32) {
            return new Slot(parameter, null, mean, square);
        }
        NDArray master = Tensors.empty(manager, Dtype.FLOAT32, shape);
        NDScope.unregister(master);
        Aten.copyInPlace(master, parameter);
        return new Slot(parameter, master, mean, square);
    }

    /// Updates every parameter that has a gradient, and sets the gradients to zero.
    public void step(double learningRate) {
        step(learningRate, 1);
    }

    /// The same with every gradient multiplied by `gradientScale` first.
    public void step(double learningRate, double gradientScale) {
        steps++;
        try (GradMode _ = GradMode.off();
                NDScope _ = new NDScope()) {
            Update update = new Update(settings, steps, learningRate, gradientScale, anyManager());
            if (settings.momentType == Dtype.BFLOAT16) {
                Tensors.seed(Draws.mix(settings.seed, steps));
            }
            for (Slot slot : slots.values()) {
                try (NDScope _ = new NDScope()) {
                    NDArray gradient = Tensors.gradient(slot.parameter);
                    if (gradient != null) {
                        update.apply(slot, gradient);
                    }
                }
            }
        }
    }

    private NDManager anyManager() {
        return slots.values().iterator().next().parameter.getManager();
    }

    /// One step's numbers, applied to one parameter after the other.
    private static final class Update {
        private final double gradientScale;
        private final double decay;
        private final double epsilon;
        private final double rate;
        private final NDArray newMean; // 1 - beta1
        private final NDArray newSquare; // 1 - beta2

        Update(Settings settings, int step, double learningRate, double gradientScale, NDManager manager) {
            double meanCorrection = 1 - Math.pow(settings.beta1, step);
            double rootSquareCorrection = Math.sqrt(1 - Math.pow(settings.beta2, step));
            this.gradientScale = gradientScale;
            this.decay = 1 - learningRate * settings.weightDecay;
            this.epsilon = settings.epsilon * rootSquareCorrection;
            this.rate = learningRate * rootSquareCorrection / meanCorrection;
            this.newMean = manager.create((float) (1 - settings.beta1));
            this.newSquare = manager.create((float) (1 - settings.beta2));
        }

        void apply(Slot slot, NDArray gradient) {
            long size = gradient.size();
            long piece = piece(gradient.getDevice().isGpu());
            NDArray g = gradient.reshape(size);
            NDArray parameter = slot.parameter.reshape(size);
            NDArray theta = slot.theta().reshape(size);
            NDArray mean = slot.mean.reshape(size);
            NDArray square = slot.square.reshape(size);
            boolean decayed = slot.parameter.getShape().dimension() >= 2 && decay != 1;
            for (long from = 0; from < size; from += piece) {
                long length = Math.min(piece, size - from);
                try (NDScope _ = new NDScope()) {
                    NDArray part = Aten.narrow(g, 0, from, length);
                    NDArray updated = Aten.narrow(theta, 0, from, length);
                    if (decayed) {
                        updated.muli(decay);
                    }
                    update(
                            Aten.to(part, Dtype.FLOAT32),
                            updated,
                            Aten.narrow(mean, 0, from, length),
                            Aten.narrow(square, 0, from, length));
                    if (slot.master != null) {
                        Aten.copyInPlace(Aten.narrow(parameter, 0, from, length), updated);
                    }
                    Aten.zeroInPlace(part);
                }
            }
        }

        /// The four lines of the class comment; `g` is used up.
        private void update(NDArray g, NDArray theta, NDArray storedMean, NDArray storedSquare) {
            if (gradientScale != 1) {
                g.muli(gradientScale);
            }
            NDArray mean = Aten.to(storedMean, Dtype.FLOAT32);
            NDArray square = Aten.to(storedSquare, Dtype.FLOAT32);
            Aten.lerpInPlace(mean, g, newMean);
            g.muli(g);
            Aten.lerpInPlace(square, g, newSquare);
            Aten.sqrtInto(g, square);
            g.addi(epsilon);
            Aten.divideInto(g, mean, g);
            g.muli(rate);
            theta.subi(g);
            if (Tensors.dtype(storedMean) == Dtype.BFLOAT16) {
                RandomRounding.intoBfloat16(storedMean, mean);
                RandomRounding.intoBfloat16(storedSquare, square);
            }
        }
    }

    /// Elements that are updated at a time.
    public static long piece(boolean cuda) {
        return cuda ? CUDA_PIECE : PIECE;
    }

    /// Steps made so far.
    public int steps() {
        return steps;
    }

    /// What a continued run needs, by name: `NAME.weight` (float32: the master copy where there is one),
    /// `NAME.exp_avg` and `NAME.exp_avg_sq`. The tensors are the optimiser's own.
    public SequencedMap<String, NDArray> state() {
        SequencedMap<String, NDArray> state = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            state.put(name + ".weight", slot.theta());
            state.put(name + ".exp_avg", slot.mean);
            state.put(name + ".exp_avg_sq", slot.square);
        });
        return state;
    }

    /// Takes over the state of an optimiser of the same parameters: weights, moments and the number of steps.
    ///
    /// @param stored the tensor of a name of [#state], given the type it is stored in here
    public void restore(int stepsMade, BiFunction<String, NDArray, NDArray> stored) {
        try (GradMode _ = GradMode.off()) {
            state().forEach((name, own) -> {
                try (NDScope _ = new NDScope()) {
                    Aten.copyInPlace(own, stored.apply(name, own));
                }
            });
            for (Slot slot : slots.values()) {
                if (slot.master != null) {
                    Aten.copyInPlace(slot.parameter, slot.master);
                }
            }
        }
        steps = stepsMade;
    }

    /// The parameters' names.
    public List<String> names() {
        return List.copyOf(slots.keySet());
    }

    @Override
    public void close() {
        for (Slot slot : slots.values()) {
            slot.mean.close();
            slot.square.close();
            if (slot.master != null) {
                slot.master.close();
            }
        }
    }
}
