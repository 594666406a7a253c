package dev.razor.core.train;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.pretrained.ModelCard;
import dev.razor.core.pretrained.ModelCard.DataFile;
import dev.razor.core.run.Provenance;
import dev.razor.core.run.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What decides the numbers of a run: its settings, the bytes of its base model and of its data. A checkpoint
/// with another identity belongs to another run.
///
/// @param method how the model is trained: `sft`, `grpo`, `pretrain`
/// @param config every setting, as written to `config.yaml`
/// @param baseName the name of the base model's directory; empty where there is none
/// @param base the base model's digest, see [Sha256#ofModel]
/// @param data file names and digests, in the order of the configuration
public record RunIdentity(String method, ObjectNode config, String baseName, String base, List<DataFile> data) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Settings that may change between the parts of a run: where things are, and what is shown or kept of it.
    /// Models and data are compared by their bytes instead.
    private static final Set<String> FREE = Set.of(
            "output",
            "device",
            "report_to",
            "logging_steps",
            "save_total_limit",
            "model",
            "data",
            "eval_data",
            "kl_prompts",
            "sample_prompts");

    public RunIdentity {
        config = (ObjectNode) JSON.readTree(JSON.writeValueAsString(config)); // numbers as they are read back
        data = List.copyOf(data);
    }

    /// The identity of a run that is about to start; reads every file it names.
    public static RunIdentity of(String method, Record config, Path base, List<Path> files) {
        Path name = base.toAbsolutePath().normalize().getFileName();
        return new RunIdentity(
                method,
                ConfigWriter.toNode(config),
                name == null ? "" : name.toString(),
                Sha256.ofModel(base),
                digests(files));
    }

    /// The identity of a run that depends on nothing but its configuration and `files`.
    public static RunIdentity of(String method, Record config, Path... files) {
        return new RunIdentity(method, ConfigWriter.toNode(config), "", "", digests(List.of(files)));
    }

    private static List<DataFile> digests(List<Path> files) {
        return files.stream()
                .map(file -> new DataFile(file.getFileName().toString(), Sha256.ofFile(file)))
                .toList();
    }

    /// The card of a model that the run has trained so far.
    ModelCard card(int steps, boolean adapter, Provenance provenance) {
        return new ModelCard(method, adapter, baseName, base, data, steps, config, provenance);
    }

    ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.set("config", config.deepCopy());
        json.put("base_sha256", base);
        var files = json.putArray("data");
        data.forEach(file -> files.addObject().put("name", file.name()).put("sha256", file.sha256()));
        return json;
    }

    /// What keeps `stored`, written by [#toJson], from being of this run; empty where nothing does.
    List<String> differences(JsonNode stored) {
        List<String> differences = configDifferences(stored.path("config"));
        if (!base.equals(stored.path("base_sha256").asString(""))) {
            differences.add("the base model's bytes are others");
        }
        JsonNode files = stored.path("data");
        if (files.size() != data.size()) {
            differences.add("it read %d data files, not %d".formatted(files.size(), data.size()));
            return differences;
        }
        for (int i = 0; i < data.size(); i++) {
            if (!data.get(i).sha256().equals(files.get(i).path("sha256").asString(""))) {
                differences.add(
                        "the bytes of %s are others".formatted(data.get(i).name()));
            }
        }
        return differences;
    }

    /// The settings of `stored`, a whole configuration, that are not this run's.
    List<String> configDifferences(JsonNode stored) {
        Set<String> keys = new TreeSet<>(config.propertyNames());
        keys.addAll(stored.propertyNames());
        keys.removeAll(FREE);
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            JsonNode here = config.path(key);
            JsonNode there = stored.path(key);
            if (!here.equals(there)) {
                differences.add("%s was %s, is %s".formatted(key, shown(there), shown(here)));
            }
        }
        return differences;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "not set" : value.isString() ? value.asString() : value.toString();
    }
}
