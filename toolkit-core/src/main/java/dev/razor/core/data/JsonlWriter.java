package dev.razor.core.data;

import dev.razor.core.run.JsonLine;
import dev.razor.core.run.Publication;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.databind.node.ObjectNode;

/// Writes a JSONL file that appears only when it is complete: [#commit] gives it its name, and closing without
/// a commit leaves nothing behind.
///
/// ```java
/// try (JsonlWriter out = JsonlWriter.create(file)) {
///     out.write(object);
///     out.commit();
/// }
/// ```
public final class JsonlWriter implements AutoCloseable {

    private final Publication publication;
    private final OutputStream out;

    private JsonlWriter(Publication publication, OutputStream out) {
        this.publication = publication;
        this.out = out;
    }

    /// Starts a file.
    ///
    /// @throws dev.razor.core.base.ConfigException if `target` exists or cannot be written
    public static JsonlWriter create(Path target) {
        Publication publication = Publication.of(target);
        try {
            OutputStream file = Files.newOutputStream(
                    publication.temporary(), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return new JsonlWriter(publication, new BufferedOutputStream(file));
        } catch (IOException e) {
            throw publication.failed(e);
        }
    }

    /// Adds one line; see [JsonLine] for numbers that JSON does not know.
    public void write(ObjectNode object) {
        try {
            out.write((JsonLine.of(object) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw publication.failed(e);
        }
    }

    /// Publishes the lines written so far as the whole file. Nothing can be written after it.
    public void commit() {
        try {
            out.close();
        } catch (IOException e) {
            throw publication.failed(e);
        }
        publication.commit();
    }

    /// Removes what was not committed.
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException _) {
            // the file is about to be removed; what made the writing fail is already on its way out
        } finally {
            publication.close();
        }
    }
}
