package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the items of every task that an evaluation wrote: Razor's `samples_TASK.jsonl`, and
/// lm-evaluation-harness's `samples_TASK_DATE.jsonl`.
final class SampleFiles {

    private static final Pattern NAME =
            Pattern.compile("samples_(.+?)(_\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d(\\.\\d+)?)?\\.jsonl");

    private SampleFiles() {}

    /// The items by task, in the order of the tasks' names, and by their number.
    static SequencedMap<String, SequencedMap<String, Item>> read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    "%s: is not a directory; give the --output of razor eval, with its samples".formatted(folder));
        }
        var files = new TreeMap<String, Path>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.sorted().toList()) {
                Matcher name = NAME.matcher(path.getFileName().toString());
                if (name.matches()) {
                    Path other = files.putIfAbsent(name.group(1), path);
                    if (other != null) {
                        throw new DataException("%s: %s needs one file of samples, got also %s; move one away"
                                .formatted(other, name.group(1), path));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (files.isEmpty()) {
            throw new DataException(
                    "%s: holds no samples_TASK.jsonl; give the --output of razor eval".formatted(folder));
        }
        var tasks = new LinkedHashMap<String, SequencedMap<String, Item>>();
        files.forEach((task, file) -> tasks.put(task, items(file)));
        return tasks;
    }

    private static SequencedMap<String, Item> items(Path file) {
        var items = new LinkedHashMap<String, Item>();
        DataFiles.forEach(file, record -> {
            Item item = item(record);
            Item other = items.putIfAbsent(item.id(), item);
            if (other != null) {
                throw new DataException("%s: doc_id %s stands here a second time, first at %s; remove one"
                        .formatted(item.where(), item.id(), other.where()));
            }
        });
        return items;
    }

    private static Item item(JsonRecord record) {
        ObjectNode node = record.node();
        if (!node.hasNonNull("doc_id") || !node.hasNonNull("metrics")) {
            throw new DataException("%s: must have doc_id and metrics, got %s; give a file that razor eval wrote"
                    .formatted(record.place(), String.join(", ", node.propertyNames())));
        }
        String content = node.hasNonNull("doc_hash")
                ? node.path("doc_hash").asString()
                : node.path("choices") + " " + node.path("gold") + " " + node.path("target");
        String prompt = node.path("contexts").toString() + node.path("prompt") + node.path("arguments");
        return new Item(record.place(), node.path("doc_id").asString(), content, prompt, metrics(record));
    }

    /// Razor's metrics are an object; the harness lists their names and has the values beside.
    private static Map<String, Double> metrics(JsonRecord record) {
        JsonNode metrics = record.node().path("metrics");
        var values = new LinkedHashMap<String, Double>();
        if (metrics.isArray()) {
            metrics.forEach(name -> put(values, name.asString(), record.node().path(name.asString())));
        } else {
            metrics.properties().forEach(entry -> put(values, entry.getKey(), entry.getValue()));
        }
        return values;
    }

    private static void put(Map<String, Double> values, String name, JsonNode value) {
        if (value.isNumber()) {
            values.put(name, value.doubleValue());
        } else if (value.isBoolean()) {
            values.put(name, value.booleanValue() ? 1.0 : 0.0);
        }
    }
}
