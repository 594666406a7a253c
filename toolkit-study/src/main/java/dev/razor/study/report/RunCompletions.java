package dev.razor.study.report;

import dev.razor.core.base.DataException;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Completions that a run was trained on, of some of its steps, from its `completions.jsonl`, for the page's
/// browser of completions.
///
/// @param run its name
/// @param shown the step that is shown first: the last at which a completion was better or worse than others, for
///     it alone shows what training does
/// @param steps the table's lines by step; of each step those with the largest advantage in size
record RunCompletions(String run, int shown, Map<Integer, List<JsonNode>> steps) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern STEP = Pattern.compile("\\s*\\{\\s*\"step\"\\s*:\\s*(\\d{1,9})\\b.*");
    private static final int RUNS = 60;
    private static final int STEPS = 24;
    private static final int COMPLETIONS = 6;
    private static final int TOKENS = 300;
    private static final int PROMPT_CHARACTERS = 800;

    /// What all completions of a page may weigh, in characters of JSON.
    private static final int WEIGHT = 1_200_000;

    /// Those of the study's runs that have the table, the first of them if they are many.
    ///
    /// @param runs the folder of the runs' directories
    static List<RunCompletions> read(Path runs, List<Point> points) {
        List<String> names = Points.last(points).stream()
                .map(Point::run)
                .filter(run -> Files.exists(file(runs, run)))
                .limit(RUNS)
                .toList();
        List<RunCompletions> found = new ArrayList<>();
        for (String run : names) {
            RunCompletions one = read(run, file(runs, run), WEIGHT / names.size());
            if (!one.steps.isEmpty()) {
                found.add(one);
            }
        }
        return found;
    }

    private static Path file(Path runs, String run) {
        return runs.resolve(run).resolve("completions.jsonl");
    }

    private static RunCompletions read(String run, Path file, int weight) {
        TreeSet<Integer> all = new TreeSet<>();
        TreeSet<Integer> telling = new TreeSet<>();
        lines(file, _ -> true, (step, line) -> {
            all.add(step);
            if (line.path("advantage").asDouble(0) != 0) {
                telling.add(step);
            }
        });
        int shown = all.isEmpty() ? 0 : telling.isEmpty() ? all.last() : telling.last();
        List<Integer> chosen = spread(List.copyOf(all), shown);
        Map<Integer, List<JsonNode>> steps = new LinkedHashMap<>();
        lines(
                file,
                chosen::contains,
                (step, line) ->
                        steps.computeIfAbsent(step, _ -> new ArrayList<>()).add(line));
        Map<Integer, List<JsonNode>> kept = new TreeMap<>();
        int left = weight;
        for (int step : chosen) {
            List<JsonNode> lines = steps.getOrDefault(step, List.of()).stream()
                    .sorted(Comparator.comparingDouble(
                            line -> -Math.abs(line.path("advantage").asDouble(0))))
                    .limit(COMPLETIONS)
                    .map(RunCompletions::slim)
                    .toList();
            left -= lines.stream().mapToInt(line -> line.toString().length()).sum();
            if (left > 0 || kept.isEmpty()) {
                kept.put(step, lines);
            }
        }
        return new RunCompletions(run, shown, kept);
    }

    /// Some steps, the most wanted first: the one that is shown, then others from far apart to near.
    private static List<Integer> spread(List<Integer> steps, int shown) {
        List<Integer> spread = new ArrayList<>();
        if (!steps.isEmpty()) {
            spread.add(shown);
        }
        for (int parts = 1; spread.size() < Math.min(STEPS, steps.size()); parts *= 2) {
            for (int i = 0; i <= parts && spread.size() < STEPS; i++) {
                int step = steps.get(Math.toIntExact((long) i * (steps.size() - 1) / parts));
                if (!spread.contains(step)) {
                    spread.add(step);
                }
            }
        }
        return spread;
    }

    /// Hands over the lines of wanted steps; a line that a running study has not finished is passed over.
    private static void lines(Path file, IntPredicate wanted, BiConsumer<Integer, JsonNode> use) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Matcher matcher = STEP.matcher(line);
                if (matcher.matches() && wanted.test(Integer.parseInt(matcher.group(1)))) {
                    try {
                        use.accept(Integer.parseInt(matcher.group(1)), JSON.readTree(line));
                    } catch (JacksonException _) {
                        // not whole yet
                    }
                }
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read, got " + e + "; move it away or mend it", e);
        }
    }

    /// What the page shows of a line, long texts cut.
    private static JsonNode slim(JsonNode line) {
        ObjectNode slim = JSON.createObjectNode();
        String prompt = line.path("prompt").asString("");
        slim.put(
                "prompt",
                prompt.length() <= PROMPT_CHARACTERS
                        ? prompt
                        : "… " + prompt.substring(prompt.length() - PROMPT_CHARACTERS));
        for (String number : List.of("reward", "advantage")) {
            if (line.path(number).isNumber()) {
                slim.put(number, Numbers.significant(line.path(number).doubleValue(), 3));
            }
        }
        for (String text : List.of("reward_failure", "finish_reason")) {
            if (line.path(text).isString()) {
                slim.put(text, line.path(text).stringValue());
            }
        }
        JsonNode tokens = line.path("tokens");
        if (tokens.isEmpty()) {
            slim.putArray("tokens").add(line.path("completion").asString(""));
            return slim;
        }
        slim.put("more", Math.max(0, tokens.size() - TOKENS));
        ArrayNode texts = slim.putArray("tokens");
        boolean hasShift = line.path("logprob_shift").isArray();
        JsonNode values = line.path(hasShift ? "logprob_shift" : "logprobs");
        ArrayNode numbers = slim.putArray(hasShift ? "shift" : "logprob");
        for (int t = 0; t < Math.min(TOKENS, tokens.size()); t++) {
            texts.add(tokens.path(t).asString(""));
            numbers.add(Math.round(1000 * values.path(t).asDouble(0)) / 1000.0);
        }
        return slim;
    }

    /// `[{"run", "shown", "steps": {"1": [...]}}]`
    static String json(List<RunCompletions> all) {
        ArrayNode root = JSON.createArrayNode();
        for (RunCompletions one : all) {
            ObjectNode node = root.addObject().put("run", one.run).put("shown", one.shown);
            ObjectNode steps = node.putObject("steps");
            one.steps.forEach((step, lines) -> lines.forEach(steps.putArray(Integer.toString(step))::add));
        }
        return root.toString();
    }
}
