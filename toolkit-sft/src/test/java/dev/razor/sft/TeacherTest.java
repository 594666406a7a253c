package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.Jsonl;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TeacherTest {

    @TempDir
    private Path directory;

    private static PretrainedModel student() {
        return PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"));
    }

    private SftConfig config(String... settings) {
        return SftTesting.config(directory.resolve("out"), settings);
    }

    @Test
    void openOther_opensOnlyADirectory() {
        try (PretrainedModel student = student()) {
            assertThat(Teacher.openOther(config("learning_rate: 1"), student)).isNull();
            String reward = "reward: one_of";
            assertThat(Teacher.openOther(config("learning_rate: 1", "teacher: base", reward), student))
                    .isNull();
            assertThat(Teacher.openOther(config("learning_rate: 1", "teacher: self", reward), student))
                    .isNull();
            Path other = Golden.directory().resolve("model-a-perturbed");
            SftConfig config = config("learning_rate: 1", "dtype: float32", "teacher: " + other);
            try (PretrainedModel opened = Objects.requireNonNull(Teacher.openOther(config, student))) {
                assertThat(opened.directory()).isEqualTo(other);
                assertThat(Teacher.of(config.labels(), student, null, opened)).isSameAs(opened);
            }
        }
    }

    @Test
    void of_knowsBaseAndSelf() {
        try (PretrainedModel student = student();
                PretrainedModel base = student()) {
            Labels self = config("learning_rate: 1", "teacher: self", "reward: one_of")
                    .labels();
            Labels ofBase = config("learning_rate: 1", "teacher: base", "reward: one_of")
                    .labels();
            assertThat(Teacher.of(self, student, base, null)).isSameAs(student);
            assertThat(Teacher.of(ofBase, student, base, null)).isSameAs(base);
            assertThat(Teacher.isBase(ofBase)).isTrue();
            assertThat(Teacher.isBase(self)).isFalse();
            assertThat(Teacher.isBase(config("learning_rate: 1").labels())).isFalse();
        }
    }

    /// A teacher may have room for more ids than the student, as larger models of a family do, but not other
    /// ones.
    @Test
    void openOther_withOtherTokens_namesTheFirst() throws IOException {
        Path same = TinyModel.write(
                directory.resolve("same"), TinyModel.config(800, true), 1, Dtype.FLOAT32, Long.MAX_VALUE);
        Path different = TinyModel.write(
                directory.resolve("different"), TinyModel.config(784, true), 1, Dtype.FLOAT32, Long.MAX_VALUE);
        Path tokenizer = different.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer).replace("<|im_start|>", "<|start|>"));
        try (PretrainedModel student = student()) {
            try (PretrainedModel opened = Teacher.openOther(config("learning_rate: 1", "teacher: " + same), student)) {
                assertThat(opened).isNotNull();
            }
            assertThatThrownBy(() -> Teacher.openOther(config("learning_rate: 1", "teacher: " + different), student))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(
                            "%s: token 747 is '<|start|>', but in %s it is '<|im_start|>'; only models whose tokens mean the same can be compared, or teach each other",
                            tokenizer, Golden.model().resolve("tokenizer.json"));
            assertThatThrownBy(() -> Teacher.openOther(
                            config("learning_rate: 1", "teacher: " + directory.resolve("no")), student))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(directory.resolve("no").toString());
        }
    }

    /// From a configuration to labels in the run's directory; and with all that a reward needs missing, nothing.
    @Test
    void labelsOfAConfiguration_areThoseOfItsKeys() throws IOException {
        Path data = directory.resolve("p.jsonl");
        Files.writeString(data, "{\"prompt\": \"one\", \"completion\": \"ignored\"}\n{\"prompt\": \"two\"}\n");
        SftConfig config = config(
                "learning_rate: 1",
                "teacher: " + Golden.directory().resolve("model-a-perturbed"),
                "max_samples: 200",
                "max_completion_length: 40",
                "per_device_train_batch_size: 64");
        try (PretrainedModel student = student();
                PretrainedModel other = Teacher.openOther(config, student)) {
            PretrainedModel teacher = Teacher.of(config.labels(), student, null, other);
            SampledLabels labels = SampledLabels.of(
                    config, Jsonl.read(data), student, teacher, config.labels().openReward());
            assertThat(labels.prompts()).isEqualTo(2);
            List<Label> first = labels.epoch(0, Progress.silent());
            assertThat(config.output().resolve("labels/epoch-0.jsonl")).exists();
            assertThat(first).isNotEmpty().allSatisfy(label -> {
                assertThat(label.completionIds()).hasSizeLessThanOrEqualTo(40);
                assertThat(label.completionIds()[label.completionIds().length - 1])
                        .matches(last ->
                                IntStream.of(teacher.tokenizer().stopTokenIds()).anyMatch(stop -> stop == last));
            });
            SftConfig judged = config("learning_rate: 1", "teacher: self", "reward: one_of");
            assertThatThrownBy(() -> SampledLabels.of(
                            judged,
                            Jsonl.read(data),
                            student,
                            student,
                            judged.labels().openReward()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("p.jsonl:1: answers: missing")
                    .hasMessageContaining("p.jsonl:2: answers: missing");
        }
    }
}
