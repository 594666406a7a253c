package dev.razor.core.run;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.core.exc.JacksonIOException;

/// The directory that a run writes to, and the safe ways of putting something there.
public final class OutputDirectory {

    private OutputDirectory() {}

    /// Writes content to a path at which nothing exists yet.
    @FunctionalInterface
    public interface Writer {

        void write(Path path) throws IOException;
    }

    /// Makes `directory` and its parents for a new run; one that exists must be empty.
    ///
    /// @throws ConfigException if it holds something, is a file or cannot be made
    public static void create(Path directory) {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                if (entries.iterator().hasNext()) {
                    throw new ConfigException(
                            "output: %s exists and is not empty; choose another, or delete it".formatted(directory));
                }
            } catch (IOException e) {
                throw new ConfigException(
                        "output: cannot look into %s: %s; choose another directory"
                                .formatted(directory, IoReason.of(e)),
                        e);
            }
        }
        createDirectories(directory);
    }

    /// Refuses a name at which [#publish] could not write, before what is written is computed.
    ///
    /// @throws ConfigException if `target` exists or names no file
    public static void requireNew(Path target) {
        Publication.requireNew(target);
    }

    /// Writes a file or directory so that `target` appears whole or not at all; `writer` gets a temporary path.
    /// Whatever `writer` throws, nothing is left behind and nothing existing is touched.
    ///
    /// @throws ConfigException if `target` exists, or it cannot be written (no space, no permission)
    public static void publish(Path target, Writer writer) {
        try (Publication publication = Publication.of(target)) {
            try {
                writer.write(publication.temporary());
            } catch (IOException e) {
                throw publication.failed(e);
            } catch (UncheckedIOException | JacksonIOException e) {
                throw publication.failed(e.getCause() instanceof IOException cause ? cause : new IOException(e));
            }
            publication.commit();
        }
    }

    /// Deletes what killed processes have left unpublished in `directory`; see [Publication].
    public static void deleteUnpublished(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> entry.getFileName().toString().matches("\\..+\\.tmp-[0-9a-f]{8}"))
                    .toList()
                    .forEach(OutputDirectory::delete);
        } catch (IOException e) {
            throw cannotWrite(directory.toString(), e);
        }
    }

    /// Deletes `directory` and all in it; nothing where there is none.
    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw cannotWrite(directory.toString(), Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw cannotWrite(directory.toString(), e);
        }
    }

    /// Makes `directory` and its parents where they lack.
    ///
    /// @throws ConfigException if something else lies there or it cannot be made
    public static void createDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException(
                    "output: %s is a file, not a directory; choose another".formatted(e.getFile()), e);
        } catch (FileSystemException e) {
            String place = Objects.requireNonNullElse(e.getFile(), directory.toString());
            throw cannotWrite(place, e);
        } catch (IOException e) {
            throw cannotWrite(directory.toString(), e);
        }
    }

    /// The one line for a file that could not be written, with what helps.
    public static ConfigException cannotWrite(String file, IOException e) {
        String reason = IoReason.of(e);
        String remedy = reason.startsWith("No space") || reason.contains("quota") ? "free space or " : "";
        return new ConfigException(
                "output: cannot write %s: %s; %schoose another place".formatted(file, reason, remedy), e);
    }
}
