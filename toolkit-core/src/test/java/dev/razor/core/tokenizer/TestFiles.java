package dev.razor.core.tokenizer;

import dev.razor.core.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The golden and the shared files that this package's tests read.
final class TestFiles {

    private static final Path HOME = Path.of(System.getProperty("razor.home", ""));
    static final Path MODEL = HOME.resolve("golden/model-a");

    private TestFiles() {}

    static JsonNode golden(String name) {
        return JsonMapper.shared().readTree(HOME.resolve("golden/golden").resolve(name));
    }

    /// The Qwen2.5 tokenizer of the shared data folder; without the folder the test is skipped.
    static Path qwen() {
        return SharedData.at("tokenizer/qwen2.5");
    }

    static List<JsonNode> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    static int[] ids(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    @SuppressWarnings("unchecked") // a list of JSON objects is a list of maps from text
    static @Nullable List<Map<String, Object>> maps(@Nullable JsonNode node) {
        return node == null || node.isNull()
                ? null
                : (List<Map<String, Object>>) JsonMapper.shared().convertValue(node, Object.class);
    }

    static List<Map<String, Object>> messages(JsonNode node) {
        return Objects.requireNonNull(maps(node));
    }

    static Map<String, Object> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }
}
