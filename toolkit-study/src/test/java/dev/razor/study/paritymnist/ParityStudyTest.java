package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Provenance;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import dev.razor.study.points.PointsCsv;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParityStudyTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        TinyVision.write(folder.resolve("data"), 80, 30);
    }

    @Test
    void run_writesPointsTablesFiguresAndReport() throws IOException {
        Study.Result result = run("out", 1, _ -> true);

        assertThat(result.outcome().failures()).isEmpty();
        assertThat(result.report()).isEqualTo(folder.resolve("out/report.html")).exists();
        List<Point> points = PointsCsv.read(folder.resolve("out/points.csv"));
        assertThat(points).hasSize(2 * (1 + 2 * 2 * 2)); // seeds (base + methods rates checkpoints)
        assertThat(Points.trained(points)).extracting(Point::step).containsOnly(3, 5); // of 80 images by 16
        for (Point point : points) {
            Point base = points.stream()
                    .filter(other -> other.isBase() && other.seed() == point.seed())
                    .findFirst()
                    .orElseThrow();
            assertThat(point.forgetting()).isCloseTo(base.priorAccuracy() - point.priorAccuracy(), within(1e-12));
            assertThat(point.meter("forward_kl")).isGreaterThanOrEqualTo(0).isFinite();
        }
        assertThat(Files.readString(folder.resolve("out/study.json")))
                .contains("What predicts forgetting", "0.96 ± 0.01", "step_dynamics_old");
        assertThat(folder.resolve("out/figures/step_dynamics_new.svg")).exists();
    }

    @Test
    void run_isTheSame_inPartsAndBesideEachOther() throws IOException {
        run("whole", 1, _ -> true);
        run("parts", 2, name -> name.contains("seed=2"));
        assertThat(PointsCsv.read(folder.resolve("parts/points.csv"))).hasSize(9);
        Study.Result rest = run("parts", 2, _ -> true);

        assertThat(rest.outcome().failures()).isEmpty();
        assertThat(folder.resolve("parts/points.csv")).hasSameBinaryContentAs(folder.resolve("whole/points.csv"));
        assertThat(folder.resolve("parts/fits.json")).hasSameBinaryContentAs(folder.resolve("whole/fits.json"));
    }

    @Test
    void run_doesAgainOnlyWhatWasChanged() throws IOException {
        run("out", 1, _ -> true);
        Path kept = folder.resolve("out/runs/grpo-learning_rate=0.01-cosine-epochs=1-seed=1/points.csv");
        Instant before = Files.getLastModifiedTime(kept).toInstant();
        ParityStudy changed = study("out", List.of("learning_rate=[0.01, 0.02]"));

        List<Plan.Row> rows = changed.plan().rows();
        assertThat(rows.stream().filter(row -> row.state() == Plan.State.TO_DO).map(Plan.Row::name))
                .hasSize(4)
                .allMatch(name -> name.contains("learning_rate=0.02"));
        changed.run(request(1, _ -> true), Progress.silent());
        assertThat(Files.getLastModifiedTime(kept).toInstant()).isEqualTo(before);
        assertThat(PointsCsv.read(folder.resolve("out/points.csv")))
                .hasSize(18)
                .noneMatch(point -> point.learningRate() == 0.001);
    }

    @ParameterizedTest
    @CsvSource({
        "base-seed=1/points.csv, gone",
        "base-seed=1/final.safetensors, gone",
        "base-seed=1/final.safetensors, torn",
        "taught-learning_rate=0.01-cosine-epochs=1-seed=1/points.csv, gone",
        "taught-learning_rate=0.01-cosine-epochs=1-seed=1/points.csv, torn",
        "grpo-learning_rate=0.01-cosine-epochs=1-seed=1/final.safetensors, gone", // the teacher
        "steps-grpo-seed=1/steps.json, gone",
        "steps-grpo-seed=1/steps.json, torn"
    })
    void run_doesAgainWhatIsGoneOrTorn(String name, String how) throws IOException {
        run("out", 1, _ -> true);
        Path file = folder.resolve("out/runs").resolve(name);
        byte[] whole = Files.readAllBytes(file);
        byte[] points = Files.readAllBytes(folder.resolve("out/points.csv"));
        Files.delete(file);
        if (how.equals("torn")) {
            Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));
        }

        assertThat(study("out", List.of()).plan().rows().stream()
                        .filter(row -> row.state() == Plan.State.TO_DO)
                        .map(Plan.Row::name))
                .containsExactly(name.substring(0, name.indexOf('/')));
        assertThat(run("out", 2, _ -> true).outcome().failures()).isEmpty();
        assertThat(file).hasBinaryContent(whole);
        assertThat(folder.resolve("out/points.csv")).hasBinaryContent(points);
    }

    @Test
    void run_whereABaseIsGone_makesItForNewRuns() throws IOException {
        run("out", 1, _ -> true);
        Files.delete(folder.resolve("out/runs/base-seed=1/final.safetensors"));

        Study.Result result = study("out", List.of("learning_rate=[0.001, 0.01, 0.02]"))
                .run(request(1, _ -> true), Progress.silent());

        assertThat(result.outcome().failures()).isEmpty();
        assertThat(PointsCsv.read(folder.resolve("out/points.csv"))).hasSize(2 * (1 + 2 * 3 * 2));
    }

    @Test
    void plan_ofABatchThatIsLargerThanTheData_isOfOneBatch() throws IOException {
        Plan plan = study("out", List.of("batch_size=2000000000")).plan();

        assertThat(plan.rows().get(1).steps()).isEqualTo(1);
        assertThat(plan.rows().get(5).name()).isEqualTo("steps-grpo-seed=1");
        assertThat(plan.rows().get(5).steps()).isEqualTo(1);
        assertThat(plan.rows().get(1).seconds().orElseThrow()).isLessThan(10);
    }

    @Test
    void plan_withoutData_saysWhatIsMissing() throws IOException {
        Plan plan = study("out", List.of("data=" + folder.resolve("none"))).plan();

        assertThat(plan.rows()).hasSize(2 * (1 + 4 + 1));
        assertThat(plan.missing()).hasSize(8).allMatch(line -> line.contains("there is no such file"));
        assertThatThrownBy(() -> study("out", List.of("data=" + folder.resolve("none")))
                        .run(request(1, _ -> true), Progress.silent()))
                .isInstanceOf(DataException.class);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void run_intoAnothersDirectory_isRefused() throws IOException {
        Files.createDirectories(folder.resolve("full"));
        Files.writeString(folder.resolve("full/thesis.txt"), "mine");
        assertThatThrownBy(() -> run("full", 1, _ -> true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("full exists and is not empty");

        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/identity.json"), "{}");
        assertThatThrownBy(() -> run("other", 1, _ -> true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("belongs to a study of another kind");
    }

    @Test
    void file_withATeacherThatIsNoRun_isRefused() {
        assertThatThrownBy(() -> study("out", List.of("teacher.learning_rate=0.5")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("teacher: the study has no run grpo-learning_rate=0.5-cosine-epochs=1; name");
        assertThatThrownBy(() -> study("out", List.of("dynamics.methods=[nonsense]")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no method nonsense");
        assertThatThrownBy(() -> study("out", List.of("pretraining.examples=0")))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void run_askingForMoreImagesThanThereAre_failsInOneLine() throws IOException {
        Study.Result result =
                study("out", List.of("pretraining.examples=1000")).run(request(1, _ -> true), Progress.silent());

        assertThat(result.outcome().failures().getFirst().reason())
                .isEqualTo("pretraining.examples: 1000 asked for, the new task has 80 training images; lower it");
    }

    private Study.Result run(String output, int jobs, Predicate<String> only) throws IOException {
        return study(output, List.of()).run(request(jobs, only), Progress.silent());
    }

    private ParityStudy study(String output, List<String> settings) throws IOException {
        Path file = folder.resolve("study.yaml");
        Files.writeString(file, """
            experiment: paritymnist
            output: %s
            data: data
            seeds: [1, 2]
            hidden_sizes: [8, 6]
            pretraining: {examples: 40, num_train_epochs: 20, learning_rate: 0.01, batch_size: 16}
            learning_rate: [0.001, 0.01]
            lr_scheduler_type: [cosine]
            num_train_epochs: [1]
            batch_size: 16
            measure_every_epochs: 0.5
            methods:
              - {name: grpo, kind: grpo, beta: 0.1}
              - {name: taught, kind: teacher}
            teacher: {method: grpo, learning_rate: 0.01, lr_scheduler_type: cosine, num_train_epochs: 1}
            dynamics: {methods: [grpo], learning_rate: 0.01, steps: 4}
            """.formatted(folder.resolve(output)));
        return ParityStudy.of(file, settings);
    }

    private static Study.Request request(int jobs, Predicate<String> only) {
        return new Study.Request(jobs, only, Provenance.capture("test", List.of(), Instant.EPOCH), "razor run");
    }
}
