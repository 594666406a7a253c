package dev.razor.eval.partial;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.JsonLine;
import dev.razor.core.run.LineFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What an evaluation has done of a task so far, `samples_TASK.jsonl.partial`: a [LineFile] whose first line says
/// what decides the samples; then a line a document in the order they were done, each with the document's number
/// in `doc_id`.
public final class PartialSamples implements AutoCloseable {

    private static final String DOCUMENT = "doc_id";

    private final LineFile file;
    private final Map<Integer, ObjectNode> done = new LinkedHashMap<>();

    private PartialSamples(LineFile file) {
        this.file = file;
    }

    /// Where the work on a task is kept.
    public static Path file(Path folder, String task) {
        return folder.resolve("samples_%s.jsonl.partial".formatted(task));
    }

    /// Opens the work of an earlier process, or begins.
    ///
    /// @param identity what decides the samples, such as the model's digest and the options
    /// @throws ConfigException if the file is of another identity, in use by another process, or cannot be
    ///     written
    public static PartialSamples open(Path file, ObjectNode identity) {
        LineFile lines = LineFile.open(file);
        boolean good = false;
        try {
            PartialSamples samples = new PartialSamples(lines);
            samples.begin(identity);
            good = true;
            return samples;
        } finally {
            if (!good) {
                lines.close();
            }
        }
    }

    private void begin(ObjectNode identity) {
        if (file.size() == 0) {
            file.append(identity);
            return;
        }
        requireSame(identity, file.read(0));
        for (int i = 1; i < file.size(); i++) {
            ObjectNode line = file.read(i);
            done.put(line.path(DOCUMENT).asInt(-1), line);
        }
    }

    private void requireSame(ObjectNode identity, ObjectNode found) {
        // Compared as text: a number that was read again may have another type.
        JsonNode now = JsonMapper.shared().readTree(JsonLine.of(identity));
        for (String key : now.propertyNames()) {
            JsonNode then = found.path(key);
            if (!then.equals(now.get(key))) {
                throw new ConfigException(
                        ("output: %s is of another evaluation: %s was %s and is %s now; choose another directory, or"
                                        + " delete it")
                                .formatted(file.path(), key, then.isMissingNode() ? "not there" : then, now.get(key)));
            }
        }
    }

    /// The lines of the documents that are done, by the document's number.
    public Map<Integer, ObjectNode> done() {
        return new LinkedHashMap<>(done);
    }

    /// Adds what came of a document.
    public void append(int document, ObjectNode line) {
        file.append(line.put(DOCUMENT, document));
        done.put(document, line);
    }

    /// Closes and removes the file, whose samples have been published.
    public void delete() {
        file.delete();
    }

    /// Puts the lines written so far on the disk and closes the file; where there are none it is removed.
    @Override
    public void close() {
        if (done.isEmpty()) {
            file.delete();
        } else {
            file.close();
        }
    }
}
