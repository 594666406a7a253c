package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.testing.Golden;
import dev.razor.core.testing.TinyAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class MergeCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path adapter(String changes) {
        return TinyAdapter.write(folder.resolve("adapter"), Golden.model(), List.of("q_proj", "down_proj"), changes);
    }

    private JsonNode score(Path model, String name) throws IOException {
        var files = new CommandFiles(folder);
        Path input = files.write(name + "-in.jsonl", "{\"prompt\": \"one two\", \"completion\": \" three\"}");
        Path output = folder.resolve(name + "-out.jsonl");
        CommandRun run = CommandRun.of(
                "score", model, "--input", input, "--output", output, "--device", "cpu", "--dtype", "float32");
        assertThat(run.exit()).as(run.err()).isZero();
        return CommandFiles.lines(output).getFirst();
    }

    /// The commands take the adapter itself, and the merged model says the same.
    @Test
    void merge_ofAnAdapter_scoresAsTheAdapterDoes() throws IOException {
        Path adapter = adapter("{}");
        Path merged = folder.resolve("merged");
        CommandRun run = CommandRun.of("merge", adapter, "--output", merged);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("wrote " + merged);
        double expected = score(adapter, "adapter").path("sum_logprob").asDouble();
        assertThat(score(merged, "merged").path("sum_logprob").asDouble()).isCloseTo(expected, within(1e-4));
        assertThat(Math.abs(score(Golden.model(), "base").path("sum_logprob").asDouble() - expected))
                .isGreaterThan(1e-2);
    }

    @Test
    void merge_ofWhatCannotBeMerged_isOneLine_andWritesNothing() {
        Path merged = folder.resolve("merged");
        CommandRun run = CommandRun.of("merge", adapter("{\"use_dora\": true}"), "--output", merged);
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem())
                .startsWith("error: " + folder.resolve("adapter/adapter_config.json")
                        + ": use_dora: true is not supported");
        assertThat(CommandRun.of("merge", Golden.model(), "--output", merged).problem())
                .contains("holds no adapter_config.json");
        assertThat(merged).doesNotExist();
    }

    @Test
    void merge_withTheBaseElsewhere_takesIt() {
        Path adapter = adapter("{\"base_model_name_or_path\": \"org/model\"}");
        Path merged = folder.resolve("merged");
        assertThat(CommandRun.of("merge", adapter, "--output", merged).problem())
                .contains("--base");
        assertThat(CommandRun.of("merge", adapter, "--output", merged, "--base", Golden.model())
                        .exit())
                .isZero();
        assertThat(merged.resolve("model.safetensors")).exists();
    }
}
