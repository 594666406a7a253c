package dev.razor.core.task;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/// The source files that names on the command line stand for.
final class TaskFiles {

    private static final String RECORDS = ".*\\.(jsonl|json|parquet)(\\.gz)?";

    private TaskFiles() {}

    /// The files in the order of the names; of a directory all data files below it, sorted, hidden ones left
    /// out.
    ///
    /// @param option where the names come from, for messages
    /// @throws DataException if one does not exist, or a directory holds no data file
    static List<Path> of(String option, List<Path> names) {
        List<Path> files = new ArrayList<>();
        for (Path name : names) {
            if (!Files.exists(name)) {
                throw new DataException("%s: %s: there is no such file; correct the name".formatted(option, name));
            }
            List<Path> found = Files.isDirectory(name) ? below(option, name) : List.of(name);
            for (Path file : found) {
                if (files.contains(file)) {
                    throw new ConfigException("%s: %s is given twice; give it once".formatted(option, file));
                }
                files.add(file);
            }
        }
        return List.copyOf(files);
    }

    private static List<Path> below(String option, Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> files = tree.filter(path -> isData(directory.relativize(path)) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new DataException(
                        "%s: %s: holds no .jsonl, .json or .parquet file; give the directory of the data"
                                .formatted(option, directory));
            }
            return files;
        } catch (IOException e) {
            throw new DataException("%s: %s: cannot be read: %s".formatted(option, directory, IoReason.of(e)), e);
        } catch (UncheckedIOException e) {
            throw new DataException(
                    "%s: %s: cannot be read: %s"
                            .formatted(option, directory, IoReason.of(Objects.requireNonNull(e.getCause()))),
                    e);
        }
    }

    private static boolean isData(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return path.toString().toLowerCase(Locale.ROOT).matches(RECORDS);
    }
}
