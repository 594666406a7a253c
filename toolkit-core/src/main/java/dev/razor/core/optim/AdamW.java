package dev.razor.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// AdamW with decoupled weight decay on matrices only (biases and norms are left alone), at step `t` from 1 on:
///
/// ```
/// theta = theta (1 - lr decay)                                 tensors of two or more axes
/// m = m + (1 - beta1) (g - m)
/// v = beta2 v + (1 - beta2) g^2
/// theta = theta - lr / (1 - beta1^t)  m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
/// ```
///
/// The moments are float32. A bfloat16 parameter has a float32 master copy, which takes the update and is rounded
/// into the parameter, since most updates are smaller than a bfloat16 step.
///
/// @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2017</a>
public final class AdamW implements AutoCloseable {

    /// The constants of the update.
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
        public Settings {
            Check.that(0 <= beta1 && beta1 < 1, "adam_beta1 must be in [0, 1), got %s", beta1);
            Check.that(0 <= beta2 && beta2 < 1, "adam_beta2 must be in [0, 1), got %s", beta2);
            Check.that(epsilon > 0, "adam_epsilon must be positive, got %s", epsilon);
            Check.that(weightDecay >= 0, "weight_decay must not be negative, got %s", weightDecay);
        }
    }

    /// A parameter and what is remembered of it.
    ///
    /// @param master the float32 copy of a bfloat16 parameter
    /// @param mean `m`, float32
    /// @param square `v`, float32
    private record Slot(NDArray parameter, @Nullable NDArray master, NDArray mean, NDArray square) {}

    private final Settings settings;
    private final List<Slot> slots = new ArrayList<>();
    private int steps;

    public AdamW(Map<String, NDArray> parameters, Settings settings) {
        this.settings = settings;
        try (GradMode _ = GradMode.off()) {
            parameters.forEach((_, parameter) -> slots.add(slot(parameter)));
        }
    }

    private static Slot slot(NDArray parameter) {
        long[] shape = parameter.getShape().getShape();
        NDArray mean = Tensors.zeros(parameter.getManager(), Dtype.FLOAT32, shape);
        NDArray square = Tensors.zeros(parameter.getManager(), Dtype.FLOAT32, shape);
        NDScope.unregister(mean, square);
        if (Tensors.dtype(parameter) == Dtype.FLOAT32) {
            return new Slot(parameter, null, mean, square);
        }
        NDArray master = Tensors.empty(parameter.getManager(), Dtype.FLOAT32, shape);
        NDScope.unregister(master);
        Aten.copyInPlace(master, parameter);
        return new Slot(parameter, master, mean, square);
    }

    /// Updates every parameter that has a gradient, and sets the gradients to zero.
    public void step(double learningRate) {
        steps++;
        double meanCorrection = 1 - Math.pow(settings.beta1(), steps);
        double squareCorrection = 1 - Math.pow(settings.beta2(), steps);
        try (GradMode _ = GradMode.off()) {
            for (Slot slot : slots) {
                try (NDScope _ = new NDScope()) {
                    NDArray gradient = Tensors.gradient(slot.parameter);
                    if (gradient != null) {
                        update(slot, gradient, learningRate, meanCorrection, Math.sqrt(squareCorrection));
                        Aten.zeroInPlace(gradient);
                    }
                }
            }
        }
    }

    private void update(
            Slot slot, NDArray gradient, double learningRate, double meanCorrection, double rootSquareCorrection) {
        NDArray g = Aten.to(gradient, Dtype.FLOAT32);
        NDArray theta = slot.master == null ? slot.parameter : slot.master;
        if (settings.weightDecay() > 0 && theta.getShape().dimension() >= 2) {
            theta.muli(1 - learningRate * settings.weightDecay());
        }
        slot.mean.muli(settings.beta1()).addi(g.mul(1 - settings.beta1()));
        slot.square.muli(settings.beta2()).addi(g.square().muli(1 - settings.beta2()));
        NDArray denominator = slot.square.sqrt().divi(rootSquareCorrection).addi(settings.epsilon());
        theta.subi(slot.mean.div(denominator).muli(learningRate / meanCorrection));
        if (slot.master != null) {
            Aten.copyInPlace(slot.parameter, slot.master);
        }
    }

    @Override
    public void close() {
        for (Slot slot : slots) {
            slot.mean.close();
            slot.square.close();
            if (slot.master != null) {
                slot.master.close();
            }
        }
    }
}
