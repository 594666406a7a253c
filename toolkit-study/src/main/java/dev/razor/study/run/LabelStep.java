package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Progress;
import dev.razor.sft.label.LabelConfig;
import dev.razor.sft.label.LabelReport;
import dev.razor.sft.label.LabelRun;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Labels for a teacher to write.
///
/// @param where the section's name, for messages
/// @param config with the places of all files
/// @param teacher the model that writes them; null for an endpoint
record LabelStep(String where, LabelConfig config, @Nullable Named teacher) implements DataStep {

    /// Reads a section of `labels`: the keys of `razor label`, files meant from the study's data folder.
    ///
    /// @throws dev.razor.core.base.ConfigException with a line for every problem
    static LabelStep of(String where, ObjectNode keys, String device, StudyPlaces places) {
        Named teacher = null;
        if (!keys.has("device")) {
            keys.put("device", device);
        }
        try {
            JsonNode data = keys.path("data");
            if (data.isString()) {
                keys.put("data", places.data().resolve(data.asString()).toString());
            } else if (data.isArray()) {
                var all = keys.putArray("data");
                data.forEach(one -> all.add(
                        one.isString()
                                ? all.stringNode(
                                        places.data().resolve(one.asString()).toString())
                                : one));
            }
            if (keys.path("output").isString()) {
                keys.put(
                        "output",
                        places.data()
                                .resolve(keys.path("output").asString())
                                .normalize()
                                .toString());
            }
            if (keys.path("model").isString()) {
                teacher = Named.of(Path.of(keys.path("model").asString()), places.folder());
                keys.put("model", teacher.place().toString());
            }
        } catch (InvalidPathException _) {
            // the binder names the key
        }
        return new LabelStep(where, ConfigLoader.bind(keys, where, LabelConfig.class), teacher);
    }

    @Override
    public boolean isToDo() {
        return LabelRun.isOpen(config.output());
    }

    @Override
    public boolean brings(Path file) {
        return file.equals(config.output());
    }

    @Override
    public Stream<Named> sources() {
        return Stream.ofNullable(teacher);
    }

    @Override
    public List<String> problems(Predicate<Path> comes) {
        List<String> problems = new ArrayList<>();
        sources().flatMap(named -> named.problem().stream()).forEach(problems::add);
        for (Path file : config.data()) {
            boolean pattern = file.toString().matches("(?s).*[*?\\[{].*");
            if (!pattern && !Files.exists(file) && !comes.test(file.normalize())) {
                problems.add("data: %s: there is no such file".formatted(file));
            }
        }
        return problems.stream().map(problem -> where + ": " + problem).toList();
    }

    @Override
    public List<String> notes() {
        if (isToDo()) {
            return List.of("labelled first: %s, by %s".formatted(config.output(), writer()));
        }
        List<String> differences = LabelRun.differences(config);
        return differences.isEmpty()
                ? List.of()
                : List.of("left as it is: %s, labelled with %s; move it away to have it labelled anew"
                        .formatted(config.output(), String.join(", ", differences)));
    }

    private String writer() {
        return teacher == null
                ? "%s at %s".formatted(config.endpointModel(), config.endpoint())
                : teacher.place().toString();
    }

    @Override
    public void make(Consumer<String> told, Progress progress) {
        LabelReport report = LabelRun.start(config, true, System.getenv(), progress);
        if (report == null) {
            return;
        }
        told.accept("labelled %d of %d prompts: %s".formatted(report.labelled(), report.prompts(), config.output()));
        if (report.givenUp() > 0) {
            throw new DataException(
                    "%s: %d prompts were given up after failed requests; run it again to ask for them, or delete %s.partial to go on without"
                            .formatted(where, report.givenUp(), config.output()));
        }
    }
}
