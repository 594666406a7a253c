package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/// The gradients that have gathered on a model's parameters, as Java arrays.
final class Gradients {

    private Gradients() {}

    /// Sets all of them to zero.
    static void clear(PretrainedModel model) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            for (NDArray parameter : model.parameters().values()) {
                NDArray gradient = Tensors.gradient(parameter);
                if (gradient != null) {
                    Aten.zeroInPlace(gradient);
                }
            }
        }
    }

    /// The gradient of each parameter by its name; zeros where the backward pass did not reach it, so that the
    /// comparison shows it.
    static Map<String, float[]> of(PretrainedModel model) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            model.parameters().forEach((name, parameter) -> {
                NDArray gradient = Tensors.gradient(parameter);
                gradients.put(
                        name,
                        gradient == null
                                ? new float[Math.toIntExact(parameter.size())]
                                : Aten.to(gradient, Dtype.FLOAT32).toFloatArray());
            });
        }
        return gradients;
    }

    /// The norm of one tensor.
    static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    /// The norm of all together.
    static double globalNorm(Map<String, float[]> gradients) {
        double squares = 0;
        for (float[] values : gradients.values()) {
            double norm = norm(values);
            squares += norm * norm;
        }
        return Math.sqrt(squares);
    }
}
