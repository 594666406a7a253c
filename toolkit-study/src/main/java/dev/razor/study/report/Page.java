package dev.razor.study.report;

import dev.razor.study.figures.Figure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// The report as one HTML page: no script, no network, figures inlined.
final class Page {

    private Page() {}

    static String of(ReportData data, List<Figure> figures) {
        StudyRecord study = data.study();
        StringBuilder page = new StringBuilder();
        page.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                """.formatted(Html.escape(study.title()), style(), Html.escape(study.title())));
        page.append(answer(Headline.sentences(data)));
        page.append(figures.stream().map(Page::figure).collect(Collectors.joining()));
        for (ReportTable table : study.tables()) {
            section(page, table.title(), table.caption(), Tables.added(table));
        }
        section(page, "How well each meter predicts forgetting", """
                All methods together, the best meter first. R² of the quadratic fit below, with its 95 % bootstrap \
                interval.""", Tables.predictors(data.fits()));
        section(page, "The quadratic fits", """
                forgetting ≈ c0 + c1·x + c2·x², forgetting as a fraction. R² is in-sample; its interval comes from \
                10,000 bootstrap resamples of the models. Checkpoints of one run are not independent, so the true \
                uncertainty is larger. The base model is not part of a fit.""", Tables.fits(data.fits()));
        section(
                page,
                "Runs, at their last checkpoint",
                "Forgetting is the base model's prior accuracy minus the run's.",
                Tables.runs(data.points()));
        section(
                page,
                "The base model's prior scores",
                "The prior accuracy is their mean.",
                Tables.baseScores(study.baseScores()));
        if (!data.completions().isEmpty()) {
            folded(page, "Completions that the runs were trained on", RunCompletions.html(data.completions()));
        }
        folded(page, "All points", Tables.points(data.points()));
        folded(page, "Settings", "<pre>" + Html.escape(study.studyYaml()) + "</pre>\n");
        folded(page, "Provenance", Tables.provenance(study.provenance()));
        page.append("""
                <footer>
                <p>Run the study again: <code>%s</code></p>
                <p>The numbers: <a href="points.csv">points.csv</a>, <a href="fits.json">fits.json</a>.</p>
                </footer>
                </main>
                </body>
                </html>
                """.formatted(Html.escape(study.command())));
        return page.toString();
    }

    private static String answer(List<String> sentences) {
        String rest = sentences.stream().skip(1).map(Html::escape).collect(Collectors.joining(" "));
        return """
                <section class="answer">
                <p class="lead">%s</p>
                %s</section>
                """.formatted(Html.escape(sentences.getFirst()), rest.isEmpty() ? "" : "<p>" + rest + "</p>\n");
    }

    private static String figure(Figure figure) {
        return """
                <figure>
                <div class="card" role="img" aria-label="%1$s">
                %2$s
                </div>
                <figcaption><strong>%1$s.</strong> %3$s \
                <a href="figures/%4$s.png">PNG</a>, <a href="figures/%4$s.svg">SVG</a></figcaption>
                </figure>
                """.formatted(
                Html.escape(figure.title()), figure.svg(), Html.escape(figure.caption()), Html.escape(figure.name()));
    }

    private static void section(StringBuilder page, String heading, String explanation, String body) {
        page.append("<section>\n<h2>").append(Html.escape(heading)).append("</h2>\n<p>");
        page.append(Html.escape(explanation)).append("</p>\n").append(body).append("</section>\n");
    }

    private static void folded(StringBuilder page, String heading, String body) {
        page.append("<details>\n<summary><h2>").append(Html.escape(heading)).append("</h2></summary>\n");
        page.append(body).append("</details>\n");
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(Page.class.getResourceAsStream("report.css"), "report.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
