package dev.razor.study.figures;

import dev.razor.study.fit.Fits;
import dev.razor.study.points.AtomicFile;
import dev.razor.study.points.Point;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All figures of a study. A figure for which no point has the numbers is left out.
public final class Figures {

    private Figures() {}

    /// The figures of `points`, in the order reports show them.
    public static List<Figure> of(List<Point> points, Fits fits) {
        return Stream.of(
                        ForgettingVsKl.linear(points, fits),
                        NewVsPrior.draw(points),
                        NewVsKl.draw(points),
                        ForgettingVsKl.logarithmic(points, fits))
                .flatMap(Optional::stream)
                .toList();
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

    /// Draws the figures of `points` and writes them.
    public static List<Figure> draw(Path runDirectory, List<Point> points, Fits fits) {
        List<Figure> figures = of(points, fits);
        write(runDirectory, figures);
        return figures;
    }
}
