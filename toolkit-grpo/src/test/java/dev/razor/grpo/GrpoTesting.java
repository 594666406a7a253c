package dev.razor.grpo;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the tests of this module share.
final class GrpoTesting {

    private GrpoTesting() {}

    /// A configuration of the golden model with everything at its default but the `settings`, `key: value` lines.
    static GrpoConfig config(Path data, Path output, String... settings) {
        String yaml = "model: %s\ndata: %s\noutput: %s\n%s\n"
                .formatted(Golden.model(), data, output, String.join("\n", settings));
        return ConfigLoader.parse(yaml, "test.yaml", List.of(), GrpoConfig.class);
    }

    static List<JsonNode> metrics(Path output) {
        return lines(output.resolve("metrics.jsonl"));
    }

    static List<JsonNode> lines(Path file) {
        try {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                lines.add(JsonMapper.shared().readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
