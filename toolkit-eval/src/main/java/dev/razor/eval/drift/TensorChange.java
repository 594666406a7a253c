package dev.razor.eval.drift;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far one weight has moved, `d = W_model - W_base`, every number of the entries as they are stored, taken in
/// float64.
///
/// @param entries how many there are, `n`
/// @param absoluteSum `sum |d_i|`
/// @param squareSum `sum d_i^2`
/// @param baseSquareSum `sum W_base,i^2`
/// @param largest `max |d_i|`
/// @param unchanged entries equal in both models after rounding both to float32
/// @param unchangedBfloat16 the same after rounding both to bfloat16
/// @param spectral of a matrix: the largest singular value of `d`; null of anything else
/// @param rank of a matrix, where asked for: singular values of `d` above
///     `max(rows, columns) 2^-23 largest`, NumPy's rule at float32's precision
/// @param angles of a matrix, where asked for and defined
public record TensorChange(
        String name,
        List<Long> shape,
        long entries,
        double absoluteSum,
        double squareSum,
        double baseSquareSum,
        double largest,
        long unchanged,
        long unchangedBfloat16,
        @Nullable Double spectral,
        @Nullable Integer rank,
        @Nullable PrincipalAngles angles) {

    public TensorChange {
        shape = List.copyOf(shape);
    }

    /// `|d|_2 / |W_base|_2`; NaN where the base is zero.
    public double relative() {
        return Math.sqrt(squareSum) / Math.sqrt(baseSquareSum);
    }

    /// `|d|_F^2 / sigma_max^2`: how many directions the change is spread over; NaN without a change.
    public double stableRank() {
        return spectral == null ? Double.NaN : squareSum / (spectral * spectral);
    }
}
