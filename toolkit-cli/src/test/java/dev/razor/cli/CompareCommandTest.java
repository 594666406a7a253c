package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class CompareCommandTest {

    private static final String LINE =
            "{\"doc_id\": %d, \"contexts\": [\"q\"], \"choices\": [\"a\"], \"gold\": 0, \"metrics\": {\"acc\": %d}}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void files() throws IOException {
        files = new CommandFiles(folder);
        files.write("a/samples_toy.jsonl", LINE.formatted(0, 1), LINE.formatted(1, 0), LINE.formatted(2, 0));
        files.write("b/samples_toy.jsonl", LINE.formatted(0, 1), LINE.formatted(1, 1), LINE.formatted(2, 1));
    }

    /// Two items only B gets right: p = 2 / 4.
    @Test
    void compare_printsATableAndWritesJson() {
        Path output = folder.resolve("out.json");
        CommandRun run = CommandRun.of("compare", folder.resolve("a"), folder.resolve("b"), "--output", output);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().toList().get(1).strip().split(" +"))
                .startsWith("toy", "acc", "3", "0.3333", "1.0000", "+0.6667")
                .endsWith("0", "2", "0.5000", "0.2500");
        JsonNode one = CommandFiles.JSON.readTree(output.toFile()).at("/comparisons/0");
        assertThat(one.path("mcnemar_exact_p").asDouble()).isEqualTo(0.5);
        assertThat(one.path("both").asInt()).isEqualTo(1);
    }

    /// Of twenty items B gets all right and A none: p = 2 / 2^20, which is not zero.
    @Test
    void compare_showsASmallProbabilityAsLessThanItsPlacesCanShow() throws IOException {
        String[] wrong =
                IntStream.range(0, 20).mapToObj(i -> LINE.formatted(i, 0)).toArray(String[]::new);
        String[] right =
                IntStream.range(0, 20).mapToObj(i -> LINE.formatted(i, 1)).toArray(String[]::new);
        files.write("a/samples_toy.jsonl", wrong);
        files.write("b/samples_toy.jsonl", right);
        Path output = folder.resolve("out.json");
        CommandRun run = CommandRun.of("compare", folder.resolve("a"), folder.resolve("b"), "--output", output);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().toList().get(1).strip().split(" +")).endsWith("20", "<0.0001", "<0.0001");
        assertThat(CommandFiles.JSON
                        .readTree(output.toFile())
                        .at("/comparisons/0/mcnemar_exact_p")
                        .asDouble())
                .isEqualTo(Math.scalb(1.0, -19));
    }

    @Test
    void compare_ofOtherItems_isOneLineAndWritesNothing() throws IOException {
        files.write("b/samples_toy.jsonl", LINE.formatted(0, 1), LINE.formatted(1, 1));
        Path output = folder.resolve("out.json");
        CommandRun run = CommandRun.of("compare", folder.resolve("a"), folder.resolve("b"), "--output", output);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.problem())
                .isEqualTo(
                        "error: %s:3: toy: 1 of 3 items (doc_id 2) are missing in the other; evaluate both with the same --limit"
                                .formatted(folder.resolve("a/samples_toy.jsonl")));
        assertThat(Files.exists(output)).isFalse();
        Files.writeString(output, "mine");
        assertThat(CommandRun.of("compare", folder.resolve("a"), folder.resolve("a"), "--output", output)
                        .problem())
                .isEqualTo("error: output: %s exists; choose another name, or move it away".formatted(output));
        assertThat(Files.readString(output)).isEqualTo("mine");
    }
}
