package dev.razor.eval.compare;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds and reads the items of every task that an evaluation wrote: Razor's `samples_TASK.jsonl`, and
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
        for (Path path : files(folder)) {
            Matcher name = NAME.matcher(path.getFileName().toString());
            if (name.matches()) {
                Path other = files.putIfAbsent(name.group(1), path);
                if (other != null) {
                    throw new DataException("%s: %s needs one file of samples, got also %s; move one away"
                            .formatted(other, name.group(1), path));
                }
            }
        }
        if (files.isEmpty()) {
            throw none(folder);
        }
        var tasks = new LinkedHashMap<String, SequencedMap<String, Item>>();
        files.forEach((task, file) -> {
            ItemLines lines = new ItemLines();
            DataFiles.forEach(file, lines::add);
            tasks.put(task, lines.items());
        });
        return tasks;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The harness's files lie one folder deeper than its `--output_path`.
    private static DataException none(Path folder) {
        List<Path> deeper = files(folder).stream()
                .filter(Files::isDirectory)
                .filter(each -> files(each).stream()
                        .anyMatch(file ->
                                NAME.matcher(file.getFileName().toString()).matches()))
                .toList();
        return new DataException("%s: holds no samples_TASK.jsonl; give %s"
                .formatted(folder, deeper.isEmpty() ? "the --output of razor eval" : deeper.getFirst()));
    }
}
