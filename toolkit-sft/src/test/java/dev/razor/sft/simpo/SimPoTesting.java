package dev.razor.sft.simpo;

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

/// What the tests of this package share.
final class SimPoTesting {

    private SimPoTesting() {}

    /// A configuration with everything at its default but the `settings`, `key: value` lines.
    static SimPoConfig config(Path model, String data, Path output, String... settings) {
        String yaml =
                "model: %s\ndata: %s\noutput: %s\n%s\n".formatted(model, data, output, String.join("\n", settings));
        return ConfigLoader.parse(yaml, "test.yaml", List.of(), SimPoConfig.class);
    }

    /// Pairs of the golden model's tokens: to each prompt its own completion and that of the next one, of another
    /// length.
    static List<Pair> goldenPairs() {
        JsonNode rows = Golden.json("adamw.json").path("rows");
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < rows.size(); i++) {
            int[] prompt = Golden.ids(rows.get(i).path("prompt_ids"));
            pairs.add(new Pair(
                    Path.of("golden.jsonl"),
                    i + 1,
                    TokenSequence.of(prompt, Golden.ids(rows.get(i).path("completion_ids"))),
                    TokenSequence.of(prompt, Golden.ids(rows.get(i + 1).path("completion_ids")))));
        }
        return pairs;
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
