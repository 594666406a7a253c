package dev.razor.study.fit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The meters by how much of the forgetting of all methods together their quadratic fit explains.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, table 1</a>
public final class Predictors {

    private Predictors() {}

    /// One meter and its fit over all methods.
    public record Predictor(String meter, Fit fit) {}

    /// From the best down; meters whose R² is not defined come last, equal ones in the order of the points'
    /// columns.
    public static List<Predictor> ranked(Fits fits) {
        return fits.byMeter().keySet().stream()
                .map(meter -> predictor(meter, fits.get(meter, Fits.ALL)))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Predictors::loss))
                .toList();
    }

    private static Optional<Predictor> predictor(String meter, @Nullable Fit fit) {
        return Optional.ofNullable(fit).map(one -> new Predictor(meter, one));
    }

    private static double loss(Predictor predictor) {
        double r2 = predictor.fit.quadratic().r2();
        return Double.isNaN(r2) ? Double.POSITIVE_INFINITY : -r2;
    }
}
