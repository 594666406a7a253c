package dev.razor.study.fit;

import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One method's trade between the new task and the prior ones: its points near the Pareto front, and the
/// exponential curve through them. The base model, which is every method's model before its first step, is one
/// of its points, and so is each of them where every seed has its own.
///
/// @param front points that no other of these beats, the base among them where it is one
/// @param kept points within [#BAND] of the front, see [ParetoFront#withinBand]; the base is one where it is in it
/// @param curve prior accuracy over new accuracy, fitted to what was kept
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, appendix B.1</a>
public record MethodFront(List<Point> front, List<Point> kept, Optional<ExponentialFit> curve) {

    /// By how much a point may be beaten on both axes at once and still be kept: two accuracy points.
    public static final double BAND = 0.02;

    public MethodFront {
        front = List.copyOf(front);
        kept = List.copyOf(kept);
    }

    /// The front of each method, in the order of the points.
    public static Map<String, MethodFront> of(List<Point> points) {
        Map<String, MethodFront> fronts = new LinkedHashMap<>();
        for (String method : Points.methods(points)) {
            List<Point> own = Stream.concat(Points.bases(points).stream(), Points.of(method, points).stream())
                    .toList();
            List<Point> kept = ParetoFront.withinBand(own, BAND);
            Optional<ExponentialFit> curve = ExponentialFit.of(
                    kept.stream().mapToDouble(Point::newAccuracy).toArray(),
                    kept.stream().mapToDouble(Point::priorAccuracy).toArray());
            fronts.put(method, new MethodFront(ParetoFront.of(own), kept, curve));
        }
        return fronts;
    }
}
