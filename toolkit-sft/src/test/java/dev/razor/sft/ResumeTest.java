package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A run that is cut off anywhere and resumed ends in the same metrics and the same bytes as one that is not.
final class ResumeTest {

    @TempDir
    private Path directory;

    private Path model;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        model = TinyModel.write(directory.resolve("model"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 1L << 30);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            lines.append("{\"prompt\": \"%d + 2 =\", \"completion\": \" %d\"}\n".formatted(i, i + 2));
        }
        data = Files.writeString(directory.resolve("data.jsonl"), lines);
    }

    /// Stops a run from within, as a kill does, when step `step` has been reported.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static Progress killAfter(int step) {
        return (_, done, _, _) -> {
            if (done == step) {
                throw new Killed();
            }
        };
    }

    private SftConfig config(Path output, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "learning_rate: 1e-2",
                "max_steps: 9",
                "save_steps: 2",
                "per_device_train_batch_size: 2",
                "lr_scheduler_type: cosine",
                "weight_decay: 0.1"));
        settings.addAll(List.of(more));
        return SftTesting.config(model, data, output, settings.toArray(String[]::new));
    }

    private Path uninterrupted(String... more) {
        Path output = directory.resolve("whole");
        SftRun.start(config(output, more), false, Progress.silent());
        return output;
    }

    private Path killed(int step, String... more) {
        Path output = directory.resolve("killed");
        assertThat(catchThrowableOfType(Killed.class, () -> SftRun.start(config(output, more), false, killAfter(step))))
                .isNotNull();
        return output;
    }

    private void resume(Path output, String... more) {
        SftRun.start(config(output, more), true, Progress.silent());
    }

    private String problem(Path output, String... more) {
        UserException e = catchThrowableOfType(
                UserException.class, () -> SftRun.start(config(output, more), true, Progress.silent()));
        assertThat(e).isNotNull();
        return String.join("\n", e.problems());
    }

    private static void assertSame(Path resumed, Path whole) {
        assertThat(SftTesting.metrics(resumed)).isEqualTo(SftTesting.metrics(whole));
        assertThat(contents(TrainingOutput.finalModel(resumed))).isEqualTo(contents(TrainingOutput.finalModel(whole)));
    }

    private static Map<String, String> contents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            Map<String, String> contents = new LinkedHashMap<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Killed before the first checkpoint, between two, right behind one and at the end; with bfloat16 weights
    /// and moments too.
    @ParameterizedTest
    @CsvSource({
        "1, float32, float32",
        "3, float32, float32",
        "4, float32, float32",
        "5, bfloat16, float32",
        "8, float32, bfloat16",
        "9, bfloat16, bfloat16"
    })
    void resumed_endsAsIfNothingHadHappened(int killedAt, String dtype, String moments) {
        String[] types = {"dtype: " + dtype, "optimizer_state_dtype: " + moments};
        Path whole = uninterrupted(types);
        Path resumed = killed(killedAt, types);
        resume(resumed, types);
        assertSame(resumed, whole);
    }

    @Test
    void resumed_fromNothing_startsAndFromTheEnd_doesNothing() throws IOException {
        Path output = directory.resolve("new");
        resume(output);
        assertSame(output, uninterrupted());
        Map<String, String> before = contents(output);
        resume(output);
        assertThat(contents(output)).isEqualTo(before);
        assertThat(output.resolve(".lock")).doesNotExist();
    }

    /// The state lies in the two newest checkpoints, and no save_total_limit takes it from the newest.
    @Test
    void onlyTheNewestCheckpoints_holdTheState() {
        Path output = killed(9, "save_total_limit: 3");
        assertThat(output.resolve("checkpoints").toFile().list())
                .containsExactlyInAnyOrder("step-4", "step-6", "step-8");
        assertThat(output.resolve("checkpoints/step-4/training_state")).doesNotExist();
        assertThat(output.resolve("checkpoints/step-6/training_state/state.json"))
                .exists();
        assertThat(output.resolve("checkpoints/step-8/training_state/state.json"))
                .exists();
    }

    /// A torn file, a changed byte, a missing file, an unreadable seal: the checkpoint before is used.
    @ParameterizedTest
    @CsvSource({
        "model.safetensors, cut",
        "model.safetensors, change",
        "training_state/optimizer.safetensors, cut",
        "training_state/optimizer.safetensors, change",
        "tokenizer.json, remove",
        "config.json, change",
        "training_state/state.json, cut",
        "training_state/state.json, remove"
    })
    void resumed_passesOverATornCheckpoint(String file, String damage) throws IOException {
        Path whole = uninterrupted();
        Path output = killed(7);
        Path torn = output.resolve("checkpoints/step-6").resolve(file);
        switch (damage) {
            case "cut" -> cut(torn);
            case "remove" -> Files.delete(torn);
            default -> change(torn);
        }
        resume(output);
        assertSame(output, whole);
        assertThat(output.resolve("checkpoints/step-6.refused")).exists();
        assertThat(contents(output.resolve("checkpoints/step-6"))).containsKey("model.safetensors");
    }

    private static void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
    }

    private static void change(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void resumed_withEveryCheckpointTorn_saysWhyOfEach() throws IOException {
        Path output = killed(7);
        cut(output.resolve("checkpoints/step-6/model.safetensors"));
        cut(output.resolve("checkpoints/step-4/model.safetensors"));
        assertThat(problem(output))
                .contains("step-6: its file model.safetensors has", "step-4: its file model.safetensors has")
                .contains("step-2: it holds no training_state/state.json")
                .contains("no checkpoint can be gone on from; start again in another directory");
        assertThat(output.resolve("checkpoints")).isDirectoryNotContaining("glob:**.refused");
    }

    @Test
    void resumed_withOtherSettings_isRefused() {
        Path output = killed(5);
        assertThat(problem(output, "adam_beta1: 0.8"))
                .contains("is of another run (adam_beta1 was 0.9, is 0.8); resume with its own settings");
        resume(output, "save_total_limit: 5");
    }

    @Test
    void resumed_withOtherData_isRefused() throws IOException {
        Path output = killed(5);
        Files.writeString(data, Files.readString(data).replace("4", "5"));
        assertThat(problem(output)).contains("it is of another run: the bytes of data.jsonl are others");
    }

    /// A checkpoint of a run with other settings, copied in as the newest one, is refused and the own one used.
    @Test
    void resumed_passesOverAForeignCheckpoint() throws IOException {
        Path whole = uninterrupted();
        Path foreign = directory.resolve("foreign");
        SftRun.start(config(foreign, "seed: 7"), false, Progress.silent());
        Path output = killed(5);
        Files.move(foreign.resolve("checkpoints/step-8"), output.resolve("checkpoints/step-8"));
        resume(output);
        assertSame(output, whole);
    }

    @Test
    void start_inAUsedDirectory_isRefusedWithoutResume() {
        Path output = killed(5);
        assertThat(catchThrowableOfType(
                        ConfigException.class, () -> SftRun.start(config(output), false, Progress.silent())))
                .hasMessageContaining("exists and is not empty; go on with that run by --resume");
    }

    /// What a killed process left unpublished, and a line of metrics that was cut off, are cleared away.
    @Test
    void resumed_clearsWhatWasLeftHalfWritten() throws IOException {
        Path whole = uninterrupted();
        Path output = killed(5);
        Files.createDirectories(output.resolve("checkpoints/.step-6.tmp-0123abcd/training_state"));
        Files.createDirectories(output.resolve(".final.tmp-0123abcd"));
        Files.writeString(output.resolve("metrics.jsonl"), "{\"step\": 6, \"lo", StandardOpenOption.APPEND);
        resume(output);
        assertSame(output, whole);
        assertThat(output.resolve("checkpoints/.step-6.tmp-0123abcd")).doesNotExist();
        assertThat(output.resolve(".final.tmp-0123abcd")).doesNotExist();
    }

    @Test
    void start_isRefusedWhileAnotherWrites() {
        Path output = directory.resolve("busy");
        SftConfig config = config(output);
        String[] problems = new String[1];
        Progress second = (_, done, _, _) -> {
            if (done == 3) {
                problems[0] = problem(output);
            }
        };
        SftRun.start(config, false, second);
        assertThat(problems[0])
                .isEqualTo("output: another process is writing to %s; wait for it, or stop it".formatted(output));
    }
}
