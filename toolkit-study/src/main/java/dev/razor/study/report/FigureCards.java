package dev.razor.study.report;

import dev.razor.study.figures.Figure;
import dev.razor.study.figures.Figures;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// The figures as parts of the page: a picture for readers without scripts and for paper, and the place in which
/// the script draws the interactive one. A figure that another shows on a logarithmic axis too gets a button for
/// that.
final class FigureCards {

    /// With more characters of SVG than this, a picture of pixels weighs less.
    private static final int HEAVY = 150_000;

    private FigureCards() {}

    static String of(List<Figures.Drawn> figures) {
        List<String> names =
                figures.stream().map(drawn -> drawn.figure().name()).toList();
        return figures.stream()
                .filter(drawn -> !isVariant(drawn.figure().name(), names))
                .map(drawn -> card(drawn, names.contains(drawn.figure().name() + Figure.LOG)))
                .collect(Collectors.joining());
    }

    private static boolean isVariant(String name, List<String> names) {
        return name.endsWith(Figure.LOG) && names.contains(name.substring(0, name.length() - Figure.LOG.length()));
    }

    private static String card(Figures.Drawn drawn, boolean hasLog) {
        Figure figure = drawn.figure();
        String name = Html.escape(figure.name());
        String log = hasLog
                ? "<button type=\"button\" class=\"log\" aria-pressed=\"false\">Logarithmic KL axis</button>"
                : "";
        String files = files(name) + (hasLog ? "; logarithmic " + files(name + Figure.LOG) : "");
        return """
                <figure class="plot" data-figure="%1$s">
                <h3>%2$s</h3>
                <div class="live"><div class="keys" role="group" aria-label="Show or hide in all figures"></div>%3$s
                <div class="canvas"><canvas role="img" aria-label="%2$s"></canvas></div></div>
                <div class="static" role="img" aria-label="%2$s">%4$s</div>
                <figcaption>%5$s <span class="files">%6$s</span></figcaption>
                </figure>
                """.formatted(
                        name, Html.escape(figure.title()), log, picture(drawn), Html.escape(figure.caption()), files);
    }

    private static String files(String name) {
        return "<a href=\"figures/%1$s.png\">PNG</a>, <a href=\"figures/%1$s.svg\">SVG</a>".formatted(name);
    }

    private static String picture(Figures.Drawn drawn) {
        return drawn.svg().length() <= HEAVY
                ? drawn.svg()
                : "<img alt=\"\" src=\"data:image/png;base64,%s\">"
                        .formatted(Base64.getEncoder().encodeToString(drawn.png()));
    }
}
