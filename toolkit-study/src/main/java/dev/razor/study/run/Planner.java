package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.grpo.GrpoConfig;
import dev.razor.sft.SftConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Multiplies out a study's methods: every combination of the values that stand in lists, times the seeds.
///
/// A run's name is its method's with the values that vary: `sft-learning_rate=0.001-seed=1`.
final class Planner {

    private Planner() {}

    /// The runs in the order of the file.
    ///
    /// @throws ConfigException with all problems of all methods
    static List<PlannedRun> plan(StudyConfig study, Path base, Path data) {
        List<PlannedRun> runs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int m = 0; m < study.methods().size(); m++) {
            String where = "methods[%d]".formatted(m);
            for (Map<String, JsonNode> choice : choices(study, study.methods().get(m))) {
                try {
                    runs.add(run(study, where, study.methods().get(m), choice, base, data));
                } catch (UserException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        List<String> names = new ArrayList<>();
        for (PlannedRun run : runs) {
            if (names.contains(run.name())) {
                problems.add("methods: two runs are called %s; give the methods different names".formatted(run.name()));
            }
            names.add(run.name());
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.stream().distinct().toList());
        }
        return runs;
    }

    /// Every combination of the listed values, the last list changing fastest.
    private static List<Map<String, JsonNode>> choices(StudyConfig study, ObjectNode method) {
        List<Map<String, JsonNode>> choices = new ArrayList<>();
        choices.add(new LinkedHashMap<>());
        for (Map.Entry<String, JsonNode> key : method.properties()) {
            if (key.getValue().isArray()) {
                choices = multiply(choices, key.getKey(), key.getValue());
            }
        }
        if (study.seeds().size() > 1) {
            ObjectNode seeds = method.objectNode();
            study.seeds().forEach(seeds.putArray("seed")::add);
            choices = multiply(choices, "seed", seeds.get("seed"));
        }
        return choices;
    }

    private static List<Map<String, JsonNode>> multiply(
            List<Map<String, JsonNode>> choices, String key, JsonNode values) {
        List<Map<String, JsonNode>> multiplied = new ArrayList<>();
        for (Map<String, JsonNode> choice : choices) {
            for (JsonNode value : values) {
                Map<String, JsonNode> extended = new LinkedHashMap<>(choice);
                extended.put(key, value);
                multiplied.add(extended);
            }
        }
        return multiplied;
    }

    private static PlannedRun run(
            StudyConfig study, String where, ObjectNode method, Map<String, JsonNode> choice, Path base, Path data) {
        ObjectNode keys = method.deepCopy();
        choice.forEach(keys::set);
        String methodName = take(keys, "name", where);
        String trainer = take(keys, "trainer", where);
        StringBuilder name = new StringBuilder(methodName);
        choice.forEach((key, value) -> name.append('-').append(key).append('=').append(shown(value)));
        String runName = name.toString();
        if (!runName.matches("[A-Za-z0-9._=+-]+")) {
            throw new ConfigException("%s: the run's name would be %s; a name has letters, digits and . _ = + - only"
                    .formatted(where, runName));
        }
        keys.put("model", base.toString());
        keys.put("output", study.output().resolve("runs").resolve(runName).toString());
        if (keys.path("data").isString()) {
            keys.put("data", data.resolve(keys.path("data").asString()).toString());
        }
        if (!keys.has("seed")) {
            keys.put("seed", study.seeds().getFirst());
        }
        putIfAbsent(keys, "device", study.device());
        putIfAbsent(keys, "dtype", study.dtype());
        return switch (trainer) {
            case "sft" ->
                new PlannedRun(
                        runName,
                        methodName,
                        new PlannedRun.Trainer.Sft(ConfigLoader.bind(keys, where, SftConfig.class)));
            case "grpo" -> {
                putIfAbsent(keys, "reward", study.task().reward());
                if (!keys.has("max_completion_length")) {
                    keys.put("max_completion_length", study.task().maxCompletionLength());
                }
                yield new PlannedRun(
                        runName,
                        methodName,
                        new PlannedRun.Trainer.Grpo(ConfigLoader.bind(keys, where, GrpoConfig.class)));
            }
            default -> throw new ConfigException("%s: trainer: expected sft or grpo, got %s".formatted(where, trainer));
        };
    }

    /// A number as people write it, `3e-5` instead of Java's `3.0E-5`.
    private static String shown(JsonNode value) {
        return value.isFloatingPointNumber()
                ? String.valueOf(value.asDouble()).replaceFirst("[.]0E", "e").replace('E', 'e')
                : value.asString();
    }

    private static String take(ObjectNode keys, String key, String where) {
        JsonNode value = keys.remove(key);
        if (value == null || !value.isString() || value.asString().isBlank()) {
            throw new ConfigException("%s: %s: expected a text, got %s".formatted(where, key, value));
        }
        return value.asString();
    }

    private static void putIfAbsent(ObjectNode keys, String key, String value) {
        if (!keys.has(key)) {
            keys.put(key, value);
        }
    }
}
