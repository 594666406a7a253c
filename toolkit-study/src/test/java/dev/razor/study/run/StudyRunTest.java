package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.DirectoryLock;
import dev.razor.study.work.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a study does when its file, its data or its past are not what they were.
final class StudyRunTest {

    private static final String SFT1 = "sft-learning_rate=0.001";
    private static final String SFT3 = "sft-learning_rate=0.003";

    @TempDir
    private Path directory;

    private SmallStudy study;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        study = SmallStudy.write(directory.resolve("study"), SmallStudy.SFT + SmallStudy.GRPO);
        out = directory.resolve("out");
    }

    private List<String> points(String run) throws IOException {
        return Files.readAllLines(out.resolve("points.csv")).stream()
                .filter(line -> line.startsWith(run + ","))
                .toList();
    }

    @Test
    void edited_doesOnlyWhatIsNew_andLeavesWhatIsGone() throws IOException {
        study.run(out);
        List<String> before = points(SFT1);
        assertThat(before).hasSize(2);
        study.methods(SmallStudy.SFT.replace("3e-3", "5e-3"));
        assertThat(study.plan(out)).containsExactly(SFT1 + ": done", "sft-learning_rate=0.005: to do");
        assertThat(study.open(out).plan().notes())
                .contains("on disk, no longer in the file, left alone and not in points.csv: grpo, " + SFT3);
        study.run(out);
        assertThat(points(SFT1)).isEqualTo(before);
        assertThat(points("sft-learning_rate=0.005")).hasSize(2);
        assertThat(points(SFT3)).isEmpty();
        assertThat(out.resolve("runs/grpo/final")).exists();
        assertThat(SmallStudy.attempts(out, SFT1)).isOne();

        study.methods(SmallStudy.SFT + SmallStudy.GRPO);
        assertThat(study.plan(out)).containsExactly(SFT1 + ": done", SFT3 + ": done", "grpo: done");
    }

    @Test
    void secondSeed_keepsTheRunsOfTheFirst_underTheirNewNames() throws IOException {
        study.run(out);
        List<String> before = points(SFT1);
        String[] seeds = {"seeds=[42, 7]"};
        assertThat(study.open(out, seeds).plan().rows().getFirst().reason()).isEqualTo("was called " + SFT1);
        assertThat(study.plan(out, seeds))
                .containsExactly(
                        SFT1 + "-seed=42: done",
                        SFT1 + "-seed=7: to do",
                        SFT3 + "-seed=42: done",
                        SFT3 + "-seed=7: to do",
                        "grpo-seed=42: done",
                        "grpo-seed=7: to do");
        study.run(out, 1, "grpo-seed=42"::equals, seeds);
        assertThat(points(SFT1 + "-seed=42"))
                .isEqualTo(before.stream()
                        .map(line -> line.replaceFirst(SFT1, SFT1 + "-seed=42"))
                        .toList());
        assertThat(points(SFT1)).isEmpty();
        assertThat(SmallStudy.attempts(out, SFT3 + "-seed=42")).isOne();
        assertThat(study.open(out, seeds).plan().notes()).noneMatch(note -> note.contains("left alone"));
    }

    @Test
    void changedDataFile_redoesWhatReadsIt_andKeepsTheOldResultAside() throws IOException {
        study.run(out);
        Path labels = study.data("labels.jsonl");
        Files.writeString(labels, Files.readString(labels).replace("\" a\"", "\" c\""));
        assertThat(study.plan(out)).containsExactly(SFT1 + ": changed", SFT3 + ": changed", "grpo: done");
        List<String> before = points(SFT1);
        Files.writeString(out.resolve("runs").resolve(SFT1).resolve("old"), "");
        study.run(out);
        assertThat(points(SFT1)).hasSize(2).isNotEqualTo(before);
        assertThat(out.resolve("replaced").resolve(SFT1).resolve("old")).exists();
        assertThat(out.resolve("runs").resolve(SFT1).resolve("old")).doesNotExist();
        assertThat(SmallStudy.attempts(out, "grpo")).isOne();
    }

    @Test
    void changedMeasuring_measuresAnew_andTrainsNothing() throws IOException {
        study.run(out);
        var trained = Files.getLastModifiedTime(out.resolve("runs/grpo/final/model.safetensors"));
        List<String> before = points(SFT1);
        assertThat(study.open(out, "meters.samples=2").plan().rows().getLast().reason())
                .isEqualTo("measured anew");
        study.run(out, "meters.samples=2");
        assertThat(Files.getLastModifiedTime(out.resolve("runs/grpo/final/model.safetensors")))
                .isEqualTo(trained);
        assertThat(points(SFT1)).hasSize(2).isNotEqualTo(before);
        study.run(out, "meters.samples=2", "measure=final");
        assertThat(points(SFT1)).as("the last step of two").hasSize(1);
        study.run(out);
        assertThat(points(SFT1)).isEqualTo(before);
    }

    @Test
    void failedRun_isShown_othersFinish_andWhatNeedsItIsSkipped() throws IOException {
        study.methods(SmallStudy.SFT.replace("3e-3", "1e30") + """
                  - {name: pupil, trainer: sft, data: train.jsonl, learning_rate: 1e-3, max_steps: 1, reward: null,
                     max_length: 99, teacher: "run:sft-learning_rate=1e30"}
                """ + SmallStudy.GRPO);
        Outcome outcome = study.run(out).outcome();
        assertThat(outcome.done()).containsExactly("base", SFT1, "grpo");
        assertThat(outcome.failures())
                .extracting(Outcome.Failure::unit)
                .containsExactly("sft-learning_rate=1e30", "pupil");
        assertThat(outcome.failures().getFirst().reason()).startsWith("learning_rate: the run diverged at step");
        assertThat(outcome.failures().getLast())
                .isEqualTo(new Outcome.Failure("pupil", "needs sft-learning_rate=1e30, which failed", true));
        assertThat(study.plan(out).get(1)).isEqualTo("sft-learning_rate=1e30: failed before");
        assertThat(Files.readString(out.resolve("study.json"))).contains("failed: pupil");
    }

    @Test
    void keepModelsNone_deletesWeights_exceptATeachers_andGetsThemAgainWhereNeeded() throws IOException {
        String pupil = """
                  - {name: pupil, trainer: sft, data: train.jsonl, learning_rate: 1e-3, max_steps: 1, reward: null,
                     max_samples: 256, max_completion_length: 60, max_length: 99, teacher: "run:grpo"}
                """;
        study.methods(SmallStudy.GRPO + pupil);
        study.run(out, 1, "grpo"::equals, "keep_models=none");
        assertThat(out.resolve("runs/grpo/final")).as("the pupil is to do").exists();
        assertThat(study.run(out, "keep_models=none").outcome().failures()).isEmpty();
        assertThat(out.resolve("runs/grpo/final")).doesNotExist();
        assertThat(out.resolve("runs/pupil/final")).doesNotExist();
        assertThat(out.resolve("runs/pupil/metrics.jsonl")).exists();
        assertThat(study.plan(out, "keep_models=none")).containsExactly("grpo: done", "pupil: done");
        List<String> points = Files.readAllLines(out.resolve("points.csv"));
        study.run(out, "keep_models=none");
        assertThat(SmallStudy.attempts(out, "grpo")).isOne();

        study.methods(SmallStudy.GRPO + pupil + pupil.replace("pupil", "second"));
        study.run(out, "keep_models=none");
        assertThat(SmallStudy.attempts(out, "grpo"))
                .as("trained again for the new pupil")
                .isEqualTo(2);
        assertThat(Files.readAllLines(out.resolve("points.csv"))).startsWith(points.toArray(String[]::new));
        assertThat(points("second")).hasSize(1);
        assertThat(out.resolve("runs/grpo/final")).doesNotExist();
    }

    @Test
    void jobs_changeNothingInThePoints() throws IOException {
        study.run(out);
        Path two = directory.resolve("two");
        study.run(two, 2, _ -> true);
        assertThat(two.resolve("points.csv")).hasSameBinaryContentAs(out.resolve("points.csv"));
    }

    @Test
    void secondProcess_isRefusedInOneLine() {
        study.run(out);
        try (DirectoryLock _ = DirectoryLock.take(out.resolve("state"))) {
            assertThatThrownBy(() -> study.run(out))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("output: another process is writing to ");
        }
    }

    @Test
    void directoryOfSomethingElse_isRefused() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("thesis.tex"), "");
        assertThatThrownBy(() -> study.run(out))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("not empty");
    }
}
