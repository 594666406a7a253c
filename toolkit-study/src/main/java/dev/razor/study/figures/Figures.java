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
                ForgettingVsKl.draw(points, fits, false),
                ForgettingVsKl.draw(points, fits, true),
                NewVsPrior.draw(points),
                NewVsKl.draw(points, false),
                NewVsKl.draw(points, true));
        Stream<Optional<Figure>> added = scatters.stream().map(scatter -> ScatterFigure.draw(scatter, methods));
        return Stream.concat(drawn, added).flatMap(Optional::stream).toList();
    }

    /// A figure with its pictures, which take long enough to be drawn once alone.
    ///
    /// @param svg the element, see [Figure#svg]
    public record Drawn(Figure figure, byte[] png, String svg) {

        /// The figure's SVG as a file of its own.
        public byte[] svgFile() {
            return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /// The pictures of `figures`.
    public static List<Drawn> draw(List<Figure> figures) {
        return figures.stream()
                .map(figure -> new Drawn(figure, figure.png(), figure.svg()))
                .toList();
    }

    /// Writes each figure as `figures/NAME.png` and `figures/NAME.svg` under `runDirectory`.
    public static void write(Path runDirectory, List<Drawn> figures) {
        Path folder = runDirectory.resolve("figures");
        for (Drawn drawn : figures) {
            AtomicFile.write(folder.resolve(drawn.figure().name() + ".png"), drawn.png());
            AtomicFile.write(folder.resolve(drawn.figure().name() + ".svg"), drawn.svgFile());
        }
    }
}
