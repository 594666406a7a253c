package dev.razor.study.figures;

import dev.razor.core.base.Check;
import java.util.List;

/// A scatter plot that a study adds to its report, beside the figures that are drawn from its points.
///
/// A pair of which a number is not finite has no place in the plot, nor, on a logarithmic axis, one whose `x` is
/// not positive.
///
/// @param name of its files, without the ending: letters, digits, `_` and `-`
/// @param caption what is drawn, in a sentence or two
/// @param logX whether the horizontal axis is logarithmic
/// @param trend whether the straight line of least squares through all series together is drawn, with its
///     correlation; on a logarithmic axis the line is straight in `log10 x`
public record ReportScatter(
        String name,
        String title,
        String caption,
        String xLabel,
        String yLabel,
        boolean logX,
        List<Series> series,
        boolean trend) {

    public ReportScatter {
        Check.that(name.matches("[A-Za-z0-9_-]+"), "a figure's name must be fit for a file, got %s", name);
        series = List.copyOf(series);
    }

    /// The pairs that share a colour.
    ///
    /// @param name a method's name gets that method's colour
    /// @param ys one for each of `xs`
    public record Series(String name, List<Double> xs, List<Double> ys) {

        public Series {
            xs = List.copyOf(xs);
            ys = List.copyOf(ys);
            Check.that(xs.size() == ys.size(), "series %s has %d xs and %d ys", name, xs.size(), ys.size());
        }
    }
}
