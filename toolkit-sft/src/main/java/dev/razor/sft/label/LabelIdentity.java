package dev.razor.sft.label;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What decides the labels of a run: settings, and the bytes of data and model. Work of another identity is not
/// gone on with.
///
/// @param json the settings with their names in the configuration, and digests
record LabelIdentity(ObjectNode json) {

    /// Settings that do not decide a label: where things are, and how fast they are asked. Data and model are
    /// compared by their bytes.
    private static final List<String> FREE = List.of(
            "data",
            "output",
            "model",
            "device",
            "batch_size",
            "concurrency",
            "request_timeout",
            "max_retries",
            "endpoint_key_env");

    /// The settings alone.
    static LabelIdentity settings(LabelConfig config) {
        ObjectNode json = ConfigWriter.toNode(config);
        FREE.forEach(json::remove);
        return new LabelIdentity((ObjectNode) JsonMapper.shared().readTree(json.toString())); // as it is read back
    }

    /// The settings among `stored` that are other ones, as `temperature 1.0, not 0.7`.
    List<String> differences(ObjectNode stored) {
        List<String> differences = new ArrayList<>();
        for (String key : new TreeSet<>(json.propertyNames())) {
            if (stored.has(key) && !stored.path(key).equals(json.path(key))) {
                differences.add("%s %s, not %s".formatted(key, stored.path(key), json.path(key)));
            }
        }
        return differences;
    }

    /// The identity of a run that is about to start; reads every file it names.
    static LabelIdentity of(LabelConfig config, List<Path> files) {
        ObjectNode json = settings(config).json;
        Path model = config.model();
        if (model != null) {
            json.put("model_sha256", Sha256.ofModel(model));
        }
        ArrayNode data = json.putArray("data_sha256");
        files.forEach(file -> data.add(Sha256.ofFile(file)));
        return new LabelIdentity(json);
    }

    /// @param file where `stored` lies
    /// @throws ConfigException if `stored` is another identity, with what differs
    void requireSame(Path file, ObjectNode stored) {
        Set<String> keys = new TreeSet<>(json.propertyNames());
        keys.addAll(stored.propertyNames());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            JsonNode was = stored.path(key);
            JsonNode is = json.path(key);
            if (!was.equals(is)) {
                differences.add("%s was %s, is %s".formatted(key, was, is));
            }
        }
        if (!differences.isEmpty()) {
            throw new ConfigException("output: %s holds labels of another run: %s; change it back, or delete the file"
                    .formatted(file, String.join("; ", differences)));
        }
    }
}
