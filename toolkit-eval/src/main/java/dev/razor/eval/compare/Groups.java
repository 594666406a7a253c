package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Groups of tasks such as MMLU's, as an evaluation's `results.json` (or `results_DATE.json`) lists them.
final class Groups {

    private Groups() {}

    /// The tasks of each group, groups within groups resolved; none where there are no results.
    static SequencedMap<String, SequencedSet<String>> read(Path folder) {
        SequencedMap<String, List<String>> members = new LinkedHashMap<>();
        for (Path file : files(folder)) {
            json(file)
                    .path("group_subtasks")
                    .properties()
                    .forEach(group -> members.put(
                            group.getKey(),
                            group.getValue()
                                    .valueStream()
                                    .map(name -> name.asString(""))
                                    .toList()));
        }
        SequencedMap<String, SequencedSet<String>> groups = new LinkedHashMap<>();
        for (String group : members.keySet()) {
            SequencedSet<String> tasks = new LinkedHashSet<>();
            List<String> open = new ArrayList<>(List.of(group));
            for (int i = 0; i < open.size(); i++) {
                List<String> within = members.get(open.get(i));
                if (within == null) {
                    tasks.add(open.get(i));
                } else {
                    within.stream().filter(name -> !open.contains(name)).forEach(open::add);
                }
            }
            groups.put(group, tasks);
        }
        return groups;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> Objects.toString(path.getFileName()).matches("results(_.+)?\\.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return JsonMapper.shared().readTree(file);
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: is not readable as JSON: %s; evaluate again".formatted(file, JsonReason.of(e)), e);
        }
    }
}
