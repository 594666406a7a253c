package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.run.OutputDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a study makes of results that got lost, of steps that were not logged, and of runs that never began.
final class StudyTroubleTest {

    private static final String SFT1 = "sft-learning_rate=0.001";

    @TempDir
    private Path directory;

    private SmallStudy study;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        study = SmallStudy.write(directory.resolve("study"), SmallStudy.SFT);
        out = directory.resolve("out");
    }

    private List<String> steps(String run) throws IOException {
        return Files.readAllLines(out.resolve("points.csv")).stream()
                .filter(line -> line.startsWith(run + ","))
                .map(line -> line.split(",", -1)[2])
                .toList();
    }

    @Test
    void lostMeasurements_areMadeAgain() throws IOException {
        study.run(out);
        String points = Files.readString(out.resolve("points.csv"));
        for (String lost : List.of(SFT1 + "/step-1.json", SFT1 + "/step-2.json", "base.json", "base-samples.jsonl")) {
            Files.delete(out.resolve("measurements").resolve(lost));
            assertThat(study.run(out).outcome().failures()).as(lost).isEmpty();
            assertThat(out.resolve("points.csv")).as(lost).hasContent(points);
        }
        assertThat(Files.readAllLines(out.resolve("runs").resolve(SFT1).resolve("metrics.jsonl")))
                .hasSize(2);
    }

    /// Then only training again brings the row back, which the plan says.
    @ParameterizedTest
    @ValueSource(strings = {"keep_models=all", "keep_models=none"})
    void aLostMeasurementOfALostModel_isMadeAgain(String keep) throws IOException {
        study.run(out, keep);
        String points = Files.readString(out.resolve("points.csv"));
        Files.delete(out.resolve("measurements").resolve(SFT1).resolve("step-1.json"));
        OutputDirectory.delete(out.resolve("runs").resolve(SFT1).resolve("checkpoints"));

        assertThat(study.plan(out, keep)).containsExactly(SFT1 + ": to do", "sft-learning_rate=0.003: done");
        assertThat(study.open(out, keep).plan().rows().getFirst().reason())
                .isEqualTo("a measurement is gone; made again");
        assertThat(study.run(out, keep).outcome().failures()).isEmpty();
        assertThat(out.resolve("points.csv")).hasContent(points);
        assertThat(study.plan(out, keep)).allMatch(row -> row.endsWith(": done"));
    }

    /// Nothing was done yet that another reward would make wrong.
    @Test
    void aTaskThatWasWrong_canBeMendedWhileNothingWasDone() throws IOException {
        String file = Files.readString(study.file());
        Files.writeString(study.file(), file.replace("reward: one_of", "reward: \"program:/nonexistent\""));
        assertThat(study.run(out).outcome().failures()).isNotEmpty();
        Files.writeString(study.file(), file);
        assertThat(study.open(out).plan().missing()).isEmpty();
        assertThat(study.run(out).outcome().failures()).isEmpty();
        Files.writeString(study.file(), file.replace("reward: one_of", "reward: \"program:/nonexistent\""));
        assertThat(study.open(out).plan().missing())
                .anyMatch(problem -> problem.contains("belongs to another study (its task is"));
    }

    @Test
    void aTornMeasurement_isNamed_andMadeAgainWhenItIsDeleted() throws IOException {
        study.run(out);
        String points = Files.readString(out.resolve("points.csv"));
        Path torn = out.resolve("measurements").resolve(SFT1).resolve("step-1.json");
        Files.writeString(torn, "{\"inputs\"");
        assertThat(study.run(out).outcome().failures())
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.reason()).contains(torn.toString(), "delete it to measure again"));
        Files.delete(torn);
        assertThat(study.run(out).outcome().failures()).isEmpty();
        assertThat(out.resolve("points.csv")).hasContent(points);
    }

    @Test
    void stepsThatAreNotLogged_areMeasuredUnderTheirNumbers() throws IOException {
        String method = "  - {name: sft, trainer: sft, data: labels.jsonl, learning_rate: 1e-3, max_steps: 3,"
                + " save_steps: 2, max_length: 99, logging_steps: %d}%n";
        study.methods(method.formatted(2));
        study.run(out);
        assertThat(steps("sft")).containsExactly("2", "3");
        study.methods(method.formatted(9));
        assertThat(study.plan(out)).as("what is shown changes nothing").containsExactly("sft: done");
        Path other = directory.resolve("other");
        assertThat(study.run(other).outcome().failures()).isEmpty();
        assertThat(other.resolve("points.csv")).hasSameTextualContentAs(out.resolve("points.csv"));
    }

    @Test
    void aRunThatNeverBegan_makesRoomForOneThatIsDone() throws IOException {
        String boom = "  - {name: boom, trainer: sft, data: labels.jsonl, learning_rate: 1e30, max_steps: 2,"
                + " max_length: 99}\n";
        String pupil = "  - {name: pupil, trainer: sft, data: train.jsonl, learning_rate: 1e-3, max_steps: 1,"
                + " reward: null, max_length: 99, teacher: \"run:boom\"}\n";
        String done = "  - {name: ok, trainer: sft, data: labels.jsonl, learning_rate: 1e-3, max_steps: 1,"
                + " max_length: 99}\n";
        study.methods(boom + pupil + done);
        assertThat(study.run(out).outcome().failures()).hasSize(2);
        study.methods(done.replace("ok", "pupil"));
        assertThat(study.run(out).outcome().failures()).isEmpty();
        assertThat(steps("pupil")).containsExactly("1");
        assertThat(SmallStudy.attempts(out, "pupil"))
                .as("it is the run that was called ok")
                .isOne();
        assertThat(out.resolve("state/ok.json")).doesNotExist();
    }

    @Test
    void thePlan_saysThatDeletedModelsAreTrainedAgain() throws IOException {
        study.methods(SmallStudy.GRPO);
        study.run(out, "keep_models=none");
        String[] changed = {"keep_models=none", "meters.samples=2"};
        assertThat(study.open(out, changed).plan().rows().getFirst().reason())
                .isEqualTo("trained again to be measured anew: its models were deleted (keep_models: none)");
        study.methods(SmallStudy.GRPO
                + "  - {name: pupil, trainer: sft, data: train.jsonl, learning_rate: 1e-3, max_steps: 1, reward: null,"
                + " max_length: 99, teacher: \"run:grpo\"}\n");
        assertThat(study.open(out, "keep_models=none").plan().rows().getFirst().reason())
                .isEqualTo("trained again: its model is a teacher's, and was deleted (keep_models: none)");
    }
}
