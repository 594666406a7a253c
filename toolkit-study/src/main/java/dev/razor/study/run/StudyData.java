package dev.razor.study.run;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a study needs and can get for itself: models and data sets that are fetched, tasks prepared from data
/// sets, labels that a teacher writes. What is there is never made again.
final class StudyData {

    private final StudyPlaces places;
    private final Named base;
    private final List<Named> benchmarks;

    /// Tasks first, then labels, each in the order of the file.
    private final List<DataStep> steps = new ArrayList<>();

    /// Reads the sections `prepare` and `labels`, and the names of models.lock.
    ///
    /// @throws ConfigException with a line for every problem
    StudyData(StudyConfig study, StudyPlaces places) {
        this.places = places;
        this.base = places.named(study);
        List<String> problems = new ArrayList<>();
        this.benchmarks = places.benchmarkSets(study, problems);
        each("prepare", study.prepare(), problems, (where, keys) -> TaskStep.of(where, keys, places));
        each("labels", study.labels(), problems, (where, keys) -> LabelStep.of(where, keys, study.device(), places));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private void each(
            String section, ObjectNode parts, List<String> problems, BiFunction<String, ObjectNode, DataStep> reader) {
        for (Map.Entry<String, JsonNode> part : parts.properties()) {
            String where = section + "." + part.getKey();
            if (part.getValue() instanceof ObjectNode keys) {
                try {
                    steps.add(reader.apply(where, keys.deepCopy()));
                } catch (UserException e) {
                    problems.addAll(e.problems());
                }
            } else {
                problems.add("%s: expected a section of keys, got %s".formatted(where, part.getValue()));
            }
        }
    }

    /// Whether `path` is not there and will be before the first run.
    boolean brings(Path path) {
        return toFetch().anyMatch(named -> named.place().equals(path))
                || (path.equals(places.benchmarks()) && benchmarks.stream().anyMatch(Named::isToFetch))
                || toDo().anyMatch(step -> step.brings(path));
    }

    /// Why a part of it cannot be had, a line each.
    List<String> problems() {
        return toDo().flatMap(step -> step.problems(this::brings).stream()).toList();
    }

    /// Whether everything is there.
    boolean isComplete() {
        return toDo().findAny().isEmpty() && toFetch().findAny().isEmpty();
    }

    /// What is fetched, prepared and labelled before the first run, and what is there and other than the file
    /// asks for, a line each.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        List<String> fetched = names(toFetch());
        if (!fetched.isEmpty()) {
            notes.add("fetched first: " + String.join(", ", fetched));
        }
        steps.forEach(step -> notes.addAll(step.notes()));
        return notes;
    }

    /// Makes all of it. Labels come before the base is fetched, so that a key that is missing shows at once.
    ///
    /// @param fetch fetches entries of models.lock
    /// @param told is given a line about each part that was made
    /// @throws UserException if a part cannot be made; what came of it is kept, and the next call goes on with it
    void make(Consumer<List<String>> fetch, Consumer<String> told, Progress progress) {
        for (DataStep step : toDo().toList()) {
            fetch.accept(names(step.sources().filter(Named::isToFetch)));
            step.make(told, progress);
        }
        fetch.accept(names(toFetch()));
    }

    private Stream<DataStep> toDo() {
        return steps.stream().filter(DataStep::isToDo);
    }

    private Stream<Named> toFetch() {
        return Stream.of(Stream.of(base), benchmarks.stream(), toDo().flatMap(DataStep::sources))
                .flatMap(each -> each)
                .filter(Named::isToFetch);
    }

    private static List<String> names(Stream<Named> named) {
        Set<String> names = new LinkedHashSet<>();
        named.forEach(each -> {
            if (each.entry() != null) {
                names.add(each.entry().name());
            }
        });
        return List.copyOf(names);
    }
}
