package dev.razor.study.fit;

import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import dev.razor.study.points.Point;
import java.util.ArrayList;
import java.util.List;

/// How far a parabola of least squares is from certain: at each of some `x`, the 95 % bootstrap interval of its
/// height, over the resamples from which the interval of R² comes.
///
/// The intervals hold at each `x` by itself, not for the whole curve at once.
///
/// @param at by rising `x`
public record QuadraticBand(List<At> at) {

    public QuadraticBand {
        at = List.copyOf(at);
    }

    /// The interval at `x`.
    public record At(double x, double low, double high) {}

    /// The band of forgetting on a meter over all methods, as [Fits] fits it; empty where it is not defined.
    ///
    /// @param xs where to evaluate it, rising
    public static QuadraticBand of(List<Point> points, String meter, double[] xs) {
        List<Point> measured = Fits.measured(points, meter);
        double[] x = measured.stream().mapToDouble(point -> point.meter(meter)).toArray();
        double[] y = measured.stream().mapToDouble(Point::forgetting).toArray();
        double[] resampledX = new double[x.length];
        double[] resampledY = new double[x.length];
        List<Interval> intervals = Bootstrap.intervals(x.length, Fits.SEED, xs.length, (indices, heights) -> {
            for (int i = 0; i < indices.length; i++) {
                resampledX[i] = x[indices[i]];
                resampledY[i] = y[indices[i]];
            }
            QuadraticFit fit = QuadraticFit.of(resampledX, resampledY);
            for (int i = 0; i < xs.length; i++) {
                heights[i] = fit.at(xs[i]);
            }
        });
        List<At> band = new ArrayList<>();
        for (int i = 0; i < xs.length; i++) {
            if (intervals.get(i).isDefined()) {
                band.add(new At(xs[i], intervals.get(i).low(), intervals.get(i).high()));
            }
        }
        return new QuadraticBand(band);
    }
}
