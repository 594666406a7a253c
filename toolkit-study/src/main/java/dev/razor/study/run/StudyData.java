package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Progress;
import dev.razor.core.task.Split;
import dev.razor.core.task.TaskPreparation;
import dev.razor.sft.label.LabelConfig;
import dev.razor.sft.label.LabelReport;
import dev.razor.sft.label.LabelRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a study needs and can get for itself: models and data sets that are fetched, tasks prepared from data
/// sets, labels that a teacher writes. What is there is never made again.
final class StudyData {

    private final StudyConfig study;
    private final StudyPlaces places;
    private final List<TaskSource> tasks = new ArrayList<>();
    private final List<Labels> labels = new ArrayList<>();

    /// Labels to write.
    ///
    /// @param config with the places of all files
    /// @param teacher the model that writes them; null for an endpoint
    private record Labels(LabelConfig config, @Nullable Named teacher) {}

    /// Reads the sections `prepare` and `labels`.
    ///
    /// @throws ConfigException with a line for every problem
    StudyData(StudyConfig study, StudyPlaces places) {
        this.study = study;
        this.places = places;
        List<String> problems = new ArrayList<>();
        each(
                "prepare",
                study.prepare(),
                problems,
                (where, keys) -> tasks.add(ConfigLoader.bind(keys, where, TaskSource.class)));
        each("labels", study.labels(), problems, (where, keys) -> labels.add(labels(where, keys)));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    @FunctionalInterface
    private interface Reader {
        void read(String where, ObjectNode keys);
    }

    private static void each(String section, ObjectNode parts, List<String> problems, Reader reader) {
        for (Map.Entry<String, JsonNode> part : parts.properties()) {
            String where = section + "." + part.getKey();
            if (!(part.getValue() instanceof ObjectNode keys)) {
                problems.add("%s: expected a section of keys, got %s".formatted(where, part.getValue()));
                continue;
            }
            try {
                reader.read(where, keys.deepCopy());
            } catch (UserException e) {
                problems.addAll(e.problems());
            }
        }
    }

    private Labels labels(String where, ObjectNode keys) {
        JsonNode data = keys.path("data");
        if (data.isString()) {
            keys.put("data", inData(data));
        } else if (data.isArray()) {
            var all = keys.putArray("data");
            data.forEach(one -> all.add(one.isString() ? all.stringNode(inData(one)) : one));
        }
        if (keys.path("output").isString()) {
            keys.put("output", inData(keys.path("output")));
        }
        if (!keys.has("device")) {
            keys.put("device", study.device());
        }
        Named teacher = null;
        if (keys.path("model").isString()) {
            teacher = Named.of(Path.of(keys.path("model").asString()), places.folder());
            keys.put("model", teacher.place().toString());
        }
        return new Labels(ConfigLoader.bind(keys, where, LabelConfig.class), teacher);
    }

    private String inData(JsonNode file) {
        return places.data().resolve(file.asString()).toString();
    }

    /// Whether `path` is not there and will be before the first run.
    boolean brings(Path path) {
        return toFetch().anyMatch(named -> named.place().equals(path))
                || (path.equals(places.benchmarks())
                        && places.benchmarkSets(study).anyMatch(Named::isToFetch))
                || toPrepare().stream().anyMatch(task -> path.startsWith(output(task)))
                || toLabel().stream().anyMatch(label -> label.config().output().equals(path));
    }

    /// What is fetched, prepared and labelled before the first run, a line each; none where all of it is there.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        List<String> fetched = names(toFetch());
        if (!fetched.isEmpty()) {
            notes.add("fetched first: " + String.join(", ", fetched));
        }
        for (TaskSource task : toPrepare()) {
            notes.add("prepared first: %s, the task %s"
                    .formatted(output(task), task.task().key()));
        }
        for (Labels label : toLabel()) {
            LabelConfig config = label.config();
            notes.add("labelled first: %s, by %s"
                    .formatted(
                            config.output(),
                            label.teacher() == null
                                    ? "%s at %s".formatted(config.endpointModel(), config.endpoint())
                                    : label.teacher().place()));
        }
        return notes;
    }

    /// Makes all of it. Labels come before the base is fetched, so that a key that is missing shows at once.
    ///
    /// @param fetch fetches entries of models.lock
    /// @param told is given a line about each part that was made
    /// @throws UserException if a part cannot be made; what came of it is kept, and the next call goes on with it
    void make(Consumer<List<String>> fetch, Consumer<String> told, Progress progress) {
        for (TaskSource task : toPrepare()) {
            fetch.accept(names(sources(task)));
            prepare(task, told);
        }
        for (Labels label : toLabel()) {
            if (label.teacher() != null) {
                fetch.accept(names(Stream.of(label.teacher())));
            }
            LabelReport report = LabelRun.start(label.config(), true, System.getenv(), progress);
            if (report != null) {
                told.accept("labelled %d of %d prompts: %s"
                        .formatted(
                                report.labelled(),
                                report.prompts(),
                                label.config().output()));
            }
        }
        fetch.accept(names(toFetch()));
    }

    private void prepare(TaskSource task, Consumer<String> told) {
        List<Path> test = places(task.test());
        new TaskPreparation(
                        task.task(),
                        places(task.input()),
                        test,
                        test.isEmpty() ? Split.STANDARD : new Split(1, 0, 0),
                        task.seed(),
                        task.limit() == 0 ? Integer.MAX_VALUE : task.limit())
                .write(output(task))
                .counts()
                .forEach((file, prompts) -> told.accept("prepared %d prompts: %s"
                        .formatted(prompts, output(task).resolve(file))));
    }

    private List<TaskSource> toPrepare() {
        return tasks.stream().filter(task -> !Files.exists(output(task))).toList();
    }

    private List<Labels> toLabel() {
        return labels.stream()
                .filter(label -> !Files.exists(label.config().output()))
                .toList();
    }

    private Path output(TaskSource task) {
        return places.data().resolve(task.output()).normalize();
    }

    private Stream<Named> toFetch() {
        Stream<Named> always = Stream.concat(Stream.of(places.named(study)), places.benchmarkSets(study));
        Stream<Named> sources = toPrepare().stream().flatMap(this::sources);
        Stream<Named> teachers = toLabel().stream().map(Labels::teacher).filter(teacher -> teacher != null);
        return Stream.of(always, sources, teachers).flatMap(each -> each).filter(Named::isToFetch);
    }

    private Stream<Named> sources(TaskSource task) {
        return Stream.concat(task.input().stream(), task.test().stream())
                .map(source -> Named.of(source, places.data()));
    }

    private List<Path> places(List<Path> sources) {
        return sources.stream()
                .map(source -> Named.of(source, places.data()).place())
                .toList();
    }

    private static List<String> names(Stream<Named> named) {
        Set<String> names = new LinkedHashSet<>();
        named.forEach(each -> {
            if (each.entry() != null) {
                names.add(each.entry());
            }
        });
        return List.copyOf(names);
    }
}
