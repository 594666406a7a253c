package dev.razor.study.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.study.SyntheticPoints;
import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class FiguresTest {

    private static final List<Point> POINTS = SyntheticPoints.study(1);

    @TempDir
    private Path directory;

    @Test
    void draw_writesEachFigureAsPngAndSvg() throws IOException {
        List<Figure> figures = Figures.of(POINTS, Fits.of(POINTS), List.of());
        Figures.write(directory, Figures.draw(figures));
        assertThat(figures)
                .extracting(Figure::name)
                .containsExactly(
                        "forgetting_vs_kl",
                        "forgetting_vs_kl_log",
                        "new_vs_prior",
                        "new_accuracy_vs_kl",
                        "new_accuracy_vs_kl_log");
        for (Figure figure : figures) {
            Path png = directory.resolve("figures/" + figure.name() + ".png");
            BufferedImage image = Objects.requireNonNull(ImageIO.read(png.toFile()));
            assertThat(image.getWidth()).isEqualTo(1280);
            assertThat(directory.resolve("figures/" + figure.name() + ".svg")).exists();
        }
        try (var files = Files.list(directory.resolve("figures"))) {
            assertThat(files).hasSize(10);
        }
    }

    @Test
    void svg_isWellFormed_andItsIdsAreTheFiguresOwn() throws Exception {
        for (Figure figure : Figures.of(POINTS, Fits.of(POINTS), List.of())) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(figure.svg())));
            assertThat(Pattern.compile(" id='([^']*)'").matcher(figure.svg()).results())
                    .isNotEmpty()
                    .allMatch(match -> match.group(1).startsWith(figure.name()));
        }
    }

    @Test
    void legend_statesTheFits() {
        List<String> texts =
                texts(Figures.of(POINTS, Fits.of(POINTS), List.of()).getFirst());
        assertThat(texts)
                .contains("base model", "Forgetting (accuracy points)")
                .anyMatch(text -> text.endsWith("(nats)"))
                .anyMatch(text -> text.matches("SFT: R² = 0\\.\\d\\d \\[0\\.\\d\\d, \\d\\.\\d\\d\\]"))
                .anyMatch(text -> text.matches("all methods: R² = 0\\.\\d\\d .*"));
    }

    @Test
    void of_drawsOnePoint_equalValues_andLeavesOutWhatIsMissing() {
        Point one = point("sft", 0.3, 0.1, 0.5);
        Point missing = point("grpo", Double.NaN, Double.NaN, Double.NaN);
        for (List<Point> points : List.of(
                List.of(one), List.of(one, one, one), List.of(one, missing), List.of(one, point("grpo", -0.1, 0, 1)))) {
            for (Figure figure : Figures.of(points, Fits.of(points), List.of())) {
                assertThat(figure.svg().contains("NaN")).isFalse();
                assertThat(figure.png()).isNotEmpty();
            }
        }
        assertThat(Figures.of(List.of(missing), Fits.of(List.of(missing)), List.of()))
                .isEmpty();
        assertThat(Figures.of(List.of(), Fits.of(List.of()), List.of())).isEmpty();
    }

    @Test
    void steps_goDownBeforeTheyGoAcross() {
        assertThat(NewVsPrior.steps(List.of(new Place(1, 9), new Place(3, 5))))
                .containsExactly(new Place(1, 9), new Place(1, 5), new Place(3, 5));
    }

    private static List<String> texts(Figure figure) {
        return Pattern.compile("<text[^>]*>([^<]*)</text>")
                .matcher(figure.svg())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static Point point(String method, double kl, double forgetting, double accuracy) {
        return new Point(
                method, method, 1, 0, 1e-3, accuracy, 0.8 - forgetting, forgetting, Map.of("forward_kl", kl), Map.of());
    }
}
