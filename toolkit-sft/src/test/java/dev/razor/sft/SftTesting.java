package dev.razor.sft;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the tests of this module share.
final class SftTesting {

    private SftTesting() {}

    /// A configuration of the golden model with everything at its default but the `settings`, `key: value` lines.
    static SftConfig config(Path output, String... settings) {
        return config(Golden.model(), Path.of("data.jsonl"), output, settings);
    }

    static SftConfig config(Path model, Path data, Path output, String... settings) {
        String yaml =
                "model: %s\ndata: %s\noutput: %s\n%s\n".formatted(model, data, output, String.join("\n", settings));
        return ConfigLoader.parse(yaml, "test.yaml", List.of(), SftConfig.class);
    }

    /// The rows of a golden file.
    static List<TokenSequence> rows(String file) {
        List<TokenSequence> rows = new ArrayList<>();
        for (JsonNode row : Golden.json(file).path("rows")) {
            rows.add(TokenSequence.of(Golden.ids(row.path("prompt_ids")), Golden.ids(row.path("completion_ids"))));
        }
        return rows;
    }

    /// The lines of a run's metrics, without the only value that depends on the clock.
    static List<ObjectNode> metrics(Path output) {
        try {
            List<ObjectNode> lines = new ArrayList<>();
            for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
                ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(line);
                if (object.remove("tokens_per_second") == null) {
                    throw new AssertionError("a line without tokens_per_second: " + line);
                }
                lines.add(object);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
