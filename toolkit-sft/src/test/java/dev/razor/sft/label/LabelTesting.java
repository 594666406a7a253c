package dev.razor.sft.label;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the tests of this package share.
final class LabelTesting {

    /// Waits that a test can wait for.
    static final RetryDelay SHORT = new RetryDelay(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(300));

    /// The environment of a user who has a key.
    static final Map<String, String> KEY = Map.of("OPENAI_API_KEY", "sk-secret\n");

    private LabelTesting() {}

    /// Prompts `q0`, `q1` ..., the right answer to each of which is `yes`.
    static Path prompts(Path folder, int count) {
        try {
            return Files.write(
                    folder.resolve("prompts.jsonl"),
                    IntStream.range(0, count).mapToObj(LabelTesting::prompt).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String prompt(int i) {
        return "{\"id\": %d, \"prompt\": [{\"role\": \"user\", \"content\": \"q%d\"}], \"answers\": [\"yes\"]}"
                .formatted(i, i);
    }

    /// As [#config], with `server` as the teacher.
    static LabelConfig endpoint(FakeServer server, Path data, Path output, String... settings) {
        String address = "endpoint: %s\nendpoint_model: teacher\n".formatted(server.url());
        return config(data, output, address + String.join("\n", settings));
    }

    /// A configuration with everything at its default but the `settings`, `key: value` lines.
    static LabelConfig config(Path data, Path output, String... settings) {
        String yaml = "data: %s\noutput: %s\n%s\n".formatted(data, output, String.join("\n", settings));
        return ConfigLoader.parse(yaml, "label.yaml", List.of(), LabelConfig.class);
    }

    static @Nullable LabelReport run(LabelConfig config, boolean resume) {
        return run(config, resume, Map.of(), Progress.silent());
    }

    static @Nullable LabelReport run(
            LabelConfig config, boolean resume, Map<String, String> environment, Progress progress) {
        return LabelRun.start(config, resume, environment, SHORT, progress);
    }

    static List<JsonNode> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode report(Path output) {
        try {
            return JsonMapper.shared().readTree(Files.readString(LabelReport.file(output)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
