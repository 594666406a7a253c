package dev.razor.cli;

import dev.razor.core.lock.ModelPlace;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/// A MODEL as typed: a directory, or a name of `models.lock`, which becomes the directory that it was fetched to.
final class ModelDirectory implements ITypeConverter<Path> {

    @Override
    public Path convert(String value) {
        return ModelPlace.directory(Path.of(value));
    }
}
