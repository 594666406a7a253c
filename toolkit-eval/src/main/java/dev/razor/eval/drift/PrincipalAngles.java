package dev.razor.eval.drift;

/// Angles in radians between what the base's `k` leading singular vectors of a matrix span and what the model's
/// span:
///
/// ```
/// cos theta_i = sigma_i(Q_base^T Q_model)                 i = 1 .. k, from the smallest angle to the largest
/// ```
///
/// Float64 resolves angles down to about 1e-7. Where the k-th and the next singular value are nearly equal, the
/// span itself is hardly defined.
///
/// @param outputLargest of the left singular vectors (what the layer writes)
/// @param outputMean the mean of those `k` angles
/// @param inputLargest of the right singular vectors (what the layer reads)
/// @param inputMean the mean of those
/// @see <a href="https://doi.org/10.1090/S0025-5718-1973-0348991-3">Bjorck and Golub 1973</a>
public record PrincipalAngles(double outputLargest, double outputMean, double inputLargest, double inputMean) {}
