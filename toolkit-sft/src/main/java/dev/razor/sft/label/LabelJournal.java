package dev.razor.sft.label;

import dev.razor.core.base.ConfigException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.run.LineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The work in progress, `OUTPUT.partial`: a [LineFile] whose first line says whose work it is; then a line for
/// every prompt that is done, in the order they were done. Of two lines for one prompt the later counts.
final class LabelJournal implements AutoCloseable {

    private final LineFile file;

    /// The line of each prompt.
    private final Map<Integer, Integer> lines = new LinkedHashMap<>();

    private LabelJournal(LineFile file) {
        this.file = file;
    }

    /// Where the work on `output` is kept.
    static Path file(Path output) {
        return output.resolveSibling(output.getFileName() + ".partial");
    }

    /// Opens the work of an earlier process, or begins.
    ///
    /// @param identity what decides the labels; work of another identity is not gone on with
    /// @throws ConfigException if there is work and `resume` is false, if it is another's, or if another process
    ///     is at it
    static LabelJournal open(Path file, LabelIdentity identity, boolean resume) {
        if (Files.exists(file) && !resume) {
            throw new ConfigException(
                    "output: %s holds labels of a run that did not end; add --resume to go on, or delete it"
                            .formatted(file));
        }
        LineFile lines = LineFile.open(file);
        boolean good = false;
        try {
            LabelJournal journal = new LabelJournal(lines);
            journal.begin(identity);
            good = true;
            return journal;
        } finally {
            if (!good) {
                lines.close();
            }
        }
    }

    private void begin(LabelIdentity identity) {
        if (file.size() == 0) {
            file.append(identity.json());
            return;
        }
        identity.requireSame(file.path(), file.read(0));
        for (int i = 1; i < file.size(); i++) {
            lines.put(label(i).prompt(), i);
        }
    }

    private PromptLabel label(int line) {
        return PromptLabel.of(new JsonRecord(file.path(), line + 1, file.read(line)));
    }

    /// Whether the prompt is done.
    boolean has(int prompt) {
        return lines.containsKey(prompt);
    }

    /// How many prompts are done.
    int size() {
        return lines.size();
    }

    /// What came of a prompt that is done.
    PromptLabel read(int prompt) {
        return label(Objects.requireNonNull(lines.get(prompt)));
    }

    /// Adds what came of a prompt.
    void append(PromptLabel label) {
        lines.put(label.prompt(), file.size());
        file.append(label.toJson());
    }

    /// Takes back that a prompt is done, so that it is asked again.
    void reopen(int prompt) {
        lines.remove(prompt);
    }

    /// Removes the file, whose work has been published.
    void delete() {
        file.delete();
    }

    @Override
    public void close() {
        file.close();
    }
}
