package dev.razor.cli.doctor;

import dev.razor.core.checkpoint.ModelConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the shape of a model stands that may not have been fetched.
///
/// @param cache of fetched models, a folder each
/// @param shapes folders of a `config.json` each, named like the beginning of a model's name
record ModelShapes(Path cache, Path shapes) {

    /// The folder of a `config.json` that says the shape of `base`: the model itself, from the file's folder or
    /// from the cache, else a shape that Razor ships.
    ///
    /// @param file the study's
    Optional<Path> find(Path file, String base) {
        return Stream.of(file.toAbsolutePath().resolveSibling(base), cache.resolve(base))
                .filter(folder -> Files.exists(folder.resolve(ModelConfigFile.NAME)))
                .findFirst()
                .or(() -> shipped(base));
    }

    private Optional<Path> shipped(String base) {
        return list(shapes).stream()
                .filter(folder -> base.startsWith(String.valueOf(folder.getFileName())))
                .max(Comparator.comparingInt(folder -> folder.toString().length()));
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException _) {
            return List.of();
        }
    }
}
