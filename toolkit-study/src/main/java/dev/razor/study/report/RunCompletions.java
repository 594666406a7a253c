package dev.razor.study.report;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Completions that a run was trained on at a late step, from its `completions.jsonl`.
///
/// @param run its name
/// @param completions the table's lines
record RunCompletions(String run, int step, List<JsonRecord> completions) {

    private static final int RUNS = 40;
    private static final int COMPLETIONS = 4;
    private static final int TOKENS = 200;
    private static final int PROMPT_CHARACTERS = 600;

    /// A shift of this many nats is shown in full colour.
    private static final double FULL = 0.2;

    /// Those of the study's runs that have the table, the first of them if they are many.
    ///
    /// @param runs the folder of the runs' directories
    static List<RunCompletions> read(Path runs, List<Point> points) {
        List<RunCompletions> found = new ArrayList<>();
        for (Point point : Points.last(points)) {
            Path file = runs.resolve(point.run()).resolve("completions.jsonl");
            if (found.size() < RUNS && Files.exists(file)) {
                List<JsonRecord> lines = Jsonl.read(file);
                int step = step(lines);
                found.add(new RunCompletions(
                        point.run(),
                        step,
                        lines.stream()
                                .filter(line -> line.integer("step") == step)
                                .sorted(Comparator.comparingDouble(line -> -Math.abs(line.number("advantage"))))
                                .limit(COMPLETIONS)
                                .toList()));
            }
        }
        return found;
    }

    /// The last step at which a completion was better or worse than others, for it alone shows what training does;
    /// the last one where there is none.
    private static int step(List<JsonRecord> lines) {
        for (JsonRecord line : lines.reversed()) {
            if (line.number("advantage") != 0) {
                return line.integer("step");
            }
        }
        return lines.getLast().integer("step");
    }

    /// All of them for the page.
    static String html(List<RunCompletions> all) {
        String explanation = """
                <p>Of each run some completions of the last step in its completions.jsonl that told better from worse. A \
                token's colour is what that step did to its log-probability: green likelier, red less likely, full \
                colour from %s nats on.</p>
                """.formatted(Numbers.significant(FULL, 1));
        return explanation + all.stream().map(RunCompletions::html).collect(Collectors.joining());
    }

    private String html() {
        return "<h3>%s, step %d</h3>\n".formatted(Html.escape(run), step)
                + completions.stream().map(RunCompletions::one).collect(Collectors.joining());
    }

    private static String one(JsonRecord line) {
        String prompt = line.text("prompt");
        String shown = prompt.length() <= PROMPT_CHARACTERS
                ? prompt
                : "… " + prompt.substring(prompt.length() - PROMPT_CHARACTERS);
        return """
                <div class="completion">
                <p>reward %s, advantage %s%s</p>
                <pre class="tokens"><span class="prompt">%s</span>%s</pre>
                </div>
                """.formatted(
                        Numbers.significant(line.number("reward"), 3),
                        Numbers.significant(line.number("advantage"), 3),
                        line.has("reward_failure") ? ", failed: " + Html.escape(line.text("reward_failure")) : "",
                        Html.escape(shown),
                        tokens(line.node().path("tokens"), line.node().path("logprob_shift")));
    }

    private static String tokens(JsonNode tokens, JsonNode shifts) {
        StringBuilder html = new StringBuilder();
        for (int t = 0; t < Math.min(TOKENS, tokens.size()); t++) {
            double shift = shifts.path(t).asDouble();
            html.append("<span class=\"%s\" style=\"--strength: %s\" title=\"%s\">%s</span>"
                    .formatted(
                            shift >= 0 ? "up" : "down",
                            Numbers.fixed(Math.min(1, Math.abs(shift) / FULL), 2),
                            Numbers.significant(shift, 2),
                            Html.escape(tokens.path(t).asString())));
        }
        if (tokens.size() > TOKENS) {
            html.append("… %d more tokens".formatted(tokens.size() - TOKENS));
        }
        return html.toString();
    }
}
