package dev.razor.study.figures;

import dev.razor.study.fit.Fits;
import dev.razor.study.points.AtomicFile;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All figures of a study. A figure for which no point has the numbers is left out.
public final class Figures {

    private Figures() {}

    /// The figures of `points`, in the order reports show them, then those that the study adds.
    public static List<Figure> of(List<Point> points, Fits fits, List<ReportScatter> scatters) {
        List<String> methods = Points.methods(points);
        Stream<Optional<Figure>> drawn = Stream.of(
                ForgettingVsKl.linear(points, fits),
                NewVsPrior.draw(points),
                NewVsKl.draw(points),
                ForgettingVsKl.logarithmic(points, fits));
        Stream<Optional<Figure>> added = scatters.stream().map(scatter -> ScatterFigure.draw(scatter, methods));
        return Stream.concat(drawn, added).flatMap(Optional::stream).toList();
    }

    /// Writes each figure as `figures/NAME.png` and `figures/NAME.svg` under `runDirectory`.
    public static void write(Path runDirectory, List<Figure> figures) {
        for (Figure figure : figures) {
            Path folder = runDirectory.resolve("figures");
            AtomicFile.write(folder.resolve(figure.name() + ".png"), figure.png());
            AtomicFile.write(
                    folder.resolve(figure.name() + ".svg"), figure.svgDocument().getBytes(StandardCharsets.UTF_8));
        }
    }
}
