package dev.razor.cli;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.lock.ModelPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Configurations of runs that are about to start.
final class RunConfigs {

    private RunConfigs() {}

    /// As [ConfigLoader#load], with the name of `models.lock` that the key `model` may hold replaced by its
    /// directory.
    static <T extends Record> T load(Path file, List<String> settings, Class<T> type) {
        T config = ConfigLoader.load(file, settings, type);
        JsonNode model = ConfigWriter.toNode(config).path("model");
        if (!model.isString()) {
            return config;
        }
        Path named = Path.of(model.asString());
        Path directory = ModelPlace.directory(named);
        if (directory.equals(named)) {
            return config;
        }
        List<String> resolved = new ArrayList<>(settings);
        resolved.add("model=" + directory);
        return ConfigLoader.load(file, resolved, type);
    }
}
