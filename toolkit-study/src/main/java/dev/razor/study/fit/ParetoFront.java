package dev.razor.study.fit;

import dev.razor.core.base.Check;
import dev.razor.study.points.Point;
import java.util.Comparator;
import java.util.List;

/// The points at which more accuracy on the new task can only be had for more forgetting.
///
/// A point is on the front if no other beats it: none is at least as good on the new task and on the prior
/// tasks, and better on one of them. Points without one of the two accuracies do not take part.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, appendix B.1</a>
public final class ParetoFront {

    // An accuracy is a quotient of counts: 0.52 - 0.50 in doubles is a little more than 0.02.
    private static final double ROUNDING = 1e-9;

    private ParetoFront() {}

    /// The front, by rising new-task accuracy. Points with equal accuracies are all on it or none.
    public static List<Point> of(List<Point> points) {
        List<Point> measured = measured(points);
        return measured.stream()
                .filter(point -> measured.stream().noneMatch(other -> beats(other, point)))
                .sorted(Comparator.comparingDouble(Point::newAccuracy))
                .toList();
    }

    /// The points within `band` of the front, in their order: all but those that some point beats by more than
    /// `band` on the new task and on the prior tasks at once.
    ///
    /// So a point that reaches the best new-task accuracy to within `band` is kept however much it forgot, and
    /// one that forgot as little as any however little it learned.
    ///
    /// The distance of a point from the front is the smallest `d >= 0` for which the point, made better by
    /// `d` on the new task and by `d` on the prior tasks, would not be beaten on both:
    ///
    /// ```
    /// d(p) = max(0, max over q of min(q.new - p.new, q.prior - p.prior))
    /// ```
    public static List<Point> withinBand(List<Point> points, double band) {
        Check.that(band >= 0, "band must not be negative, got %s", band);
        List<Point> measured = measured(points);
        return measured.stream()
                .filter(point -> distance(point, measured) <= band + ROUNDING)
                .toList();
    }

    static double distance(Point point, List<Point> points) {
        return points.stream()
                .mapToDouble(other -> Math.min(
                        other.newAccuracy() - point.newAccuracy(), other.priorAccuracy() - point.priorAccuracy()))
                .reduce(0, Math::max);
    }

    private static boolean beats(Point other, Point point) {
        return other.newAccuracy() >= point.newAccuracy()
                && other.priorAccuracy() >= point.priorAccuracy()
                && (other.newAccuracy() > point.newAccuracy() || other.priorAccuracy() > point.priorAccuracy());
    }

    private static List<Point> measured(List<Point> points) {
        return points.stream()
                .filter(point -> Double.isFinite(point.newAccuracy()) && Double.isFinite(point.priorAccuracy()))
                .toList();
    }
}
