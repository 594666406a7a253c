package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.train.TrainingOutput;
import dev.razor.grpo.GrpoConfig;
import dev.razor.sft.SftConfig;
import dev.razor.sft.simpo.SimPoConfig;
import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
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

    /// Keys whose files lie in the study's data folder.
    private static final List<String> DATA_KEYS = List.of("data", "eval_data", "kl_prompts", "sample_prompts");

    /// Folders and files are called like runs, with `.json` and the like behind.
    private static final int LONGEST_NAME = 200;

    private static final String REWARD = "reward";

    /// What a teacher that is another run of the study begins with.
    private static final String RUN = "run:";

    private Planner() {}

    /// The runs in the order of the file.
    ///
    /// @param folder the study file's, which a teacher's directory is meant from
    /// @throws ConfigException with all problems of all methods
    static List<PlannedRun> plan(StudyConfig study, Path folder, Path base, Path data) {
        List<PlannedRun> runs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int m = 0; m < study.methods().size(); m++) {
            String where = "methods[%d]".formatted(m);
            List<Map<String, JsonNode>> choices;
            try {
                requireOwn(study, where, study.methods().get(m));
                choices = choices(study, where, study.methods().get(m));
            } catch (UserException e) {
                problems.addAll(e.problems());
                continue;
            }
            for (Map<String, JsonNode> choice : choices) {
                try {
                    Places places = new Places(folder, base, data, List.copyOf(runs));
                    runs.add(run(study, where, study.methods().get(m), choice, places));
                } catch (UserException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        List<String> names = new ArrayList<>();
        for (PlannedRun run : runs) {
            if (run.name().equals(Point.BASE)) {
                problems.add("methods: a run is called base, as the base model is; give the method another name");
            }
            if (names.contains(run.name())) {
                problems.add(
                        "methods: two runs are called %s; give the methods different names, and lists (seeds too) different values"
                                .formatted(run.name()));
            }
            names.add(run.name());
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.stream().distinct().toList());
        }
        return runs;
    }

    /// Refuses what a method cannot say of itself.
    private static void requireOwn(StudyConfig study, String where, ObjectNode method) {
        String name = method.path("name").asString("");
        if (name.equals(Point.BASE) || name.equals(Fits.ALL)) {
            throw new ConfigException("%s: name: %s means something else in points.csv and fits.json; choose another"
                    .formatted(where, name));
        }
        for (String key : List.of("model", "output")) {
            if (method.has(key)) {
                throw new ConfigException("%s: %s: the study decides it; remove the key".formatted(where, key));
            }
        }
        if (method.has("seed") && study.seeds().size() > 1) {
            throw new ConfigException(
                    "%s: seed: the study's seeds %s decide it; remove one of the two".formatted(where, study.seeds()));
        }
    }

    /// Every combination of the listed values, the last list changing fastest.
    private static List<Map<String, JsonNode>> choices(StudyConfig study, String where, ObjectNode method) {
        List<Map<String, JsonNode>> choices = new ArrayList<>();
        choices.add(new LinkedHashMap<>());
        for (Map.Entry<String, JsonNode> key : method.properties()) {
            if (key.getValue().isArray() && key.getValue().isEmpty()) {
                throw new ConfigException("%s: %s: the list is empty, so that there is nothing to run; give a value"
                        .formatted(where, key.getKey()));
            }
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

    /// Where a run's files lie.
    ///
    /// @param earlier the runs before it, any of which can be its teacher
    private record Places(Path folder, Path base, Path data, List<PlannedRun> earlier) {}

    private static PlannedRun run(
            StudyConfig study, String where, ObjectNode method, Map<String, JsonNode> choice, Places places) {
        ObjectNode keys = method.deepCopy();
        choice.forEach(keys::set);
        String methodName = take(keys, "name", where);
        String trainer = take(keys, "trainer", where);
        StringBuilder name = new StringBuilder(methodName);
        choice.forEach((key, value) -> name.append('-').append(key).append('=').append(shown(value)));
        String runName = name.toString();
        if (!runName.matches("[A-Za-z0-9_=+-][A-Za-z0-9._=+-]*") || runName.length() > LONGEST_NAME) {
            throw new ConfigException(
                    "%s: the run's name would be %s; a name has letters, digits and . _ = + - only, no . first, and at most %d of them"
                            .formatted(where, runName, LONGEST_NAME));
        }
        keys.put("model", places.base.toString());
        keys.put("output", study.output().resolve("runs").resolve(runName).toString());
        for (String key : DATA_KEYS) {
            if (keys.path(key).isString()) {
                keys.put(key, places.data.resolve(keys.path(key).asString()).toString());
            }
        }
        if (!keys.has("seed")) {
            keys.put("seed", study.seeds().getFirst());
        }
        putIfAbsent(keys, "device", study.device());
        putIfAbsent(keys, "dtype", study.dtype());
        return switch (trainer) {
            case "sft" -> {
                if (keys.path("teacher").isString()) {
                    keys.put("teacher", teacher(keys.path("teacher").asString(), where, choice, places));
                    putTask(keys, study, List.of(REWARD));
                }
                yield new PlannedRun(
                        runName,
                        methodName,
                        new PlannedRun.Trainer.Sft(ConfigLoader.bind(keys, where, SftConfig.class)));
            }
            case "grpo" -> {
                putTask(keys, study, List.of(REWARD, "reward_weights", "reward_timeout", "reward_class_path"));
                yield new PlannedRun(
                        runName,
                        methodName,
                        new PlannedRun.Trainer.Grpo(ConfigLoader.bind(keys, where, GrpoConfig.class)));
            }
            case "simpo" ->
                new PlannedRun(
                        runName,
                        methodName,
                        new PlannedRun.Trainer.SimPo(ConfigLoader.bind(keys, where, SimPoConfig.class)));
            default ->
                throw new ConfigException("%s: trainer: expected sft, grpo or simpo, got %s".formatted(where, trainer));
        };
    }

    /// What the study's task says of sampled completions, where the method does not.
    ///
    /// @param rewards those of [RewardArguments]' keys that the trainer has
    private static void putTask(ObjectNode keys, StudyConfig study, List<String> rewards) {
        ObjectNode task = ConfigWriter.toNode(study.task().rewards());
        if (task.path(REWARD).size() == 1) {
            task.set(REWARD, task.path(REWARD).get(0)); // not every trainer takes several
        }
        for (String key : rewards) {
            if (!keys.has(key)) {
                keys.set(key, task.get(key));
            }
        }
        if (!keys.has("max_completion_length")) {
            keys.put("max_completion_length", study.task().maxCompletionLength());
        }
    }

    /// `base` and `self` as they are; `run:NAME` as the final model of that run, which must stand earlier in the
    /// study (of several seeds, the run of the same one); else a directory, meant from the study file's folder.
    private static String teacher(String given, String where, Map<String, JsonNode> choice, Places places) {
        if (given.equals("base") || given.equals("self")) {
            return given;
        }
        if (!given.startsWith(RUN)) {
            return places.folder.resolve(given).normalize().toString();
        }
        String name = given.substring(RUN.length());
        JsonNode seed = choice.get("seed");
        String ofSeed = seed == null ? name : name + "-seed=" + shown(seed);
        return places.earlier.stream()
                .filter(run -> run.name().equals(name) || run.name().equals(ofSeed))
                .findFirst()
                .map(run -> TrainingOutput.finalModel(run.directory()).toString())
                .orElseThrow(() -> new ConfigException(
                        "%s: teacher: no run before this one is called %s; name one of %s, or put it before"
                                .formatted(
                                        where,
                                        name,
                                        places.earlier.stream()
                                                .map(PlannedRun::name)
                                                .toList())));
    }

    /// A value in a run's name: a number as people write it, `3e-5` instead of Java's `3.0E-5`.
    private static String shown(JsonNode value) {
        return value.isFloatingPointNumber()
                ? String.valueOf(value.asDouble()).replaceFirst("[.]0E", "e").replace('E', 'e')
                : value.asString().replaceAll("[:/]", "-"); // a model's name or place; a folder's name has neither
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
