package dev.razor.study.report;

import dev.razor.eval.kl.KlMapPage;
import dev.razor.study.figures.Figures;
import dev.razor.study.points.Points;
import java.util.List;

/// The report as one HTML page that asks for nothing: style, scripts, data and figures are in it, and its policy
/// forbids the browser to load anything else.
final class Page {

    /// Scripts and style of the page itself alone; a page that is served may ask its own server for news.
    private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
            + "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

    private Page() {}

    /// The page.
    ///
    /// @param version of a page that is served while the study goes on, which asks for newer ones; else empty
    static String of(ReportData data, List<Figures.Drawn> figures, String version) {
        StudyRecord study = data.study();
        List<RunCompletions> completions = RunCompletions.read(data.directory().resolve("runs"), data.points());
        StringBuilder page = new StringBuilder();
        page.append("""
                <!DOCTYPE html>
                <html lang="en"%s>
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <link rel="icon" href="data:,">
                <title>%s</title>
                <style>
                %s%s</style>
                <script>document.documentElement.classList.add("js")</script>
                </head>
                <body>
                <main>
                <header><h1>%s</h1><button type="button" id="theme" class="js-only">Dark</button></header>
                """.formatted(
                        version.isEmpty() ? "" : " data-version=\"" + Html.escape(version) + "\"",
                        POLICY,
                        Html.escape(study.title()),
                        Resources.style(),
                        KlMapPage.tokenStyle(),
                        Html.escape(study.title())));
        answer(page, data);
        if (!figures.isEmpty()) {
            page.append("<section id=\"figures-section\">\n<h2>Figures</h2>\n<p class=\"js-only\">Point at a marker "
                    + "for its run. The names above a figure show and hide a method in all figures.</p>\n");
            page.append(FigureCards.of(figures)).append("</section>\n");
        }
        for (ReportTable table : study.tables()) {
            section(page, table.title(), table.caption(), Tables.added(table));
        }
        if (!data.fits().byMeter().isEmpty()) {
            predictors(page, data);
        }
        benchmarks(page, data);
        runs(page, data);
        if (!completions.isEmpty()) {
            folded(page, "Completions that the runs were trained on", """
                    <noscript><p>This part needs scripts; the texts are in runs/*/completions.jsonl.</p></noscript>
                    <div id="completion-browser"></div>
                    """);
        }
        String maps = KlMaps.html(data);
        if (!maps.isEmpty()) {
            folded(
                    page,
                    "Where in a text the runs left the base model",
                    "<p>The ground of each token is KL(base || "
                            + "model) of the distributions that predicted it, in nats. Point at a token for what both "
                            + "expected in its place. Grey tokens were not measured.</p>\n" + maps);
        }
        if (!data.points().isEmpty()) {
            folded(page, "All points", """
                    <noscript><p>This table needs scripts; its numbers are in points.csv.</p></noscript>
                    <div id="all-points"></div>
                    """);
        }
        provenance(page, study);
        page.append(Html.json("points", PageData.points(data.points())));
        page.append(Html.json(
                "figures",
                PageData.figures(figures.stream().map(Figures.Drawn::figure).toList())));
        page.append(Html.json("completions", RunCompletions.json(completions)));
        page.append("<script>\n").append(Resources.charts()).append("</script>\n");
        page.append("<script>\n").append(Resources.script()).append("</script>\n</body>\n</html>\n");
        return page.toString();
    }

    private static void answer(StringBuilder page, ReportData data) {
        List<String> forgot = Headline.forgot(data);
        List<String> known = Headline.known(data);
        page.append("""
                <section class="answer">
                <h2>What did it forget?</h2>
                <p class="lead">%s</p>
                """.formatted(Html.escape(forgot.getFirst())));
        paragraph(page, forgot.subList(1, forgot.size()));
        if (!known.isEmpty()) {
            page.append("<h2>Could I have known?</h2>\n<p class=\"lead\">%s</p>\n"
                    .formatted(Html.escape(known.getFirst())));
            paragraph(page, known.subList(1, known.size()));
        }
        page.append("</section>\n");
    }

    private static void paragraph(StringBuilder page, List<String> sentences) {
        if (!sentences.isEmpty()) {
            page.append("<p>%s</p>\n".formatted(Html.escape(String.join(" ", sentences))));
        }
    }

    private static void predictors(StringBuilder page, ReportData data) {
        section(
                page,
                "How well each meter predicts forgetting",
                """
                All methods together, the best meter first. R² of the quadratic fit forgetting ≈ c0 + c1·x + c2·x², \
                in-sample; its interval comes from 10,000 bootstrap resamples of the models. Checkpoints of one run \
                are not independent, so the true uncertainty is larger. The base model is not part of a fit.""",
                Tables.predictors(data.fits())
                        + "<details class=\"inner\">\n<summary><h3>The fits of each method, with their coefficients"
                        + "</h3></summary>\n" + Tables.fits(data.fits()) + "</details>\n");
    }

    private static void benchmarks(StringBuilder page, ReportData data) {
        if (data.study().baseScores().isEmpty()
                && Points.benchmarks(data.points()).isEmpty()) {
            return;
        }
        String chosen = BenchmarkTables.chosen(data);
        section(
                page,
                "Prior scores by benchmark",
                "Score and standard error of the base model and of each method's best model at matched new-task "
                        + "accuracy. The prior accuracy is the mean." + (chosen.isEmpty() ? "" : " " + chosen + "."),
                BenchmarkTables.matched(data)
                        + (Points.last(data.points()).isEmpty()
                                ? ""
                                : "<details class=\"inner\">\n<summary><h3>All runs, at their last checkpoint</h3>"
                                        + "</summary>\n" + BenchmarkTables.all(data) + "</details>\n"));
    }

    private static void runs(StringBuilder page, ReportData data) {
        String summary = RunTable.summary(data.states());
        section(
                page,
                "Runs, at their last checkpoint",
                (summary.isEmpty() ? "" : "Units of work: " + summary + ". ")
                        + "Forgetting is the base model's prior accuracy minus the run's.",
                RunTable.of(data));
    }

    private static void provenance(StringBuilder page, StudyRecord study) {
        if (!study.studyYaml().isEmpty()) {
            folded(page, "Settings", "<pre>" + Html.escape(study.studyYaml()) + "</pre>\n");
        }
        if (!study.provenance().isEmpty()) {
            folded(page, "Provenance", Tables.provenance(study.provenance()));
        }
        String again = study.command().isEmpty()
                ? ""
                : "<p>Run the study again: <code>%s</code></p>\n".formatted(Html.escape(study.command()));
        page.append("""
                <footer>
                %s<p>The numbers: <a href="points.csv">points.csv</a>, <a href="fits.json">fits.json</a>. Interactive \
                figures by Chart.js (MIT licence).</p>
                </footer>
                </main>
                """.formatted(again));
    }

    private static void section(StringBuilder page, String heading, String explanation, String body) {
        page.append("<section>\n<h2>").append(Html.escape(heading)).append("</h2>\n<p>");
        page.append(Html.escape(explanation)).append("</p>\n").append(body).append("</section>\n");
    }

    private static void folded(StringBuilder page, String heading, String body) {
        page.append("<details>\n<summary><h2>").append(Html.escape(heading)).append("</h2></summary>\n");
        page.append(body).append("</details>\n");
    }
}
