package dev.razor.eval.drift;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// How far all weights of a model have moved, `d` over all `n` entries of all weights:
///
/// ```
/// l1           sum_i |d_i| / n                 the mean, as the study's table of predictors has it
/// l2           sqrt(sum_i d_i^2)
/// relative     |d|_2 / |W_base|_2
/// spectral     sum over matrices of sigma_max(d)
/// rank         mean over matrices of rank(d) / min(rows, columns)
/// ```
///
/// @param tensors in the order of the base's files
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, table 1</a>, which gives no formulas
public record WeightChange(List<TensorChange> tensors) {

    public WeightChange {
        tensors = List.copyOf(tensors);
    }

    /// Entries of all weights.
    public long entries() {
        return tensors.stream().mapToLong(TensorChange::entries).sum();
    }

    /// The mean of `|d_i|`.
    public double l1() {
        return l1Sum() / entries();
    }

    /// The sum of `|d_i|`.
    public double l1Sum() {
        return sum(TensorChange::absoluteSum);
    }

    /// The Euclidean length of `d`.
    public double l2() {
        return Math.sqrt(sum(TensorChange::squareSum));
    }

    /// The length of `d` against that of the base's weights.
    public double relative() {
        return l2() / Math.sqrt(sum(TensorChange::baseSquareSum));
    }

    /// The largest `|d_i|`.
    public double largest() {
        return tensors.stream().mapToDouble(TensorChange::largest).max().orElse(0);
    }

    /// The sum of the matrices' spectral norms.
    public double spectral() {
        return spectralNorms().sum();
    }

    /// The largest of the matrices' spectral norms.
    public double spectralMax() {
        return spectralNorms().max().orElse(0);
    }

    /// The share of entries that are the same in float32.
    public double unchanged() {
        return sum(TensorChange::unchanged) / entries();
    }

    /// The share of entries that are the same after rounding to bfloat16.
    public double unchangedBfloat16() {
        return sum(TensorChange::unchangedBfloat16) / entries();
    }

    /// The mean over matrices of `rank(d) / min(rows, columns)`: 1 where every matrix has changed in all
    /// directions. NaN where ranks were not counted, or there is no matrix.
    public double relativeRank() {
        double sum = 0;
        int matrices = 0;
        for (TensorChange tensor : tensors) {
            Integer rank = tensor.rank();
            if (rank != null) {
                sum += rank.doubleValue() / Collections.min(tensor.shape());
                matrices++;
            }
        }
        return matrices == 0 ? Double.NaN : sum / matrices;
    }

    private DoubleStream spectralNorms() {
        return tensors.stream()
                .map(TensorChange::spectral)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue);
    }

    private double sum(ToDoubleFunction<TensorChange> value) {
        return tensors.stream().mapToDouble(value).sum();
    }
}
