package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole study, small: golden model-a, two methods, a handful of records.
final class RunCommandTest {

    @TempDir
    private Path directory;

    private Path study;

    @BeforeEach
    void writeStudy() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        String answers = "\"answers\": [\"a\", \"b\"]";
        Files.write(
                data.resolve("train.jsonl"),
                List.of("{\"prompt\": \"one\", " + answers + "}", "{\"prompt\": \"two\", " + answers + "}"));
        Files.write(data.resolve("test.jsonl"), List.of("{\"prompt\": \"three\", " + answers + "}"));
        Files.write(data.resolve("kl.jsonl"), List.of("{\"prompt\": \"four\"}", "{\"prompt\": \"five\"}"));
        Files.write(
                data.resolve("labels.jsonl"),
                List.of(
                        "{\"prompt\": \"one\", \"completion\": \" a\"}",
                        "{\"prompt\": \"two\", \"completion\": \" b\"}"));
        Files.write(
                data.resolve("skill.jsonl"),
                List.of(
                        "{\"query\": \"The sky is\", \"choices\": [\"blue\", \"red\"], \"gold\": 0}",
                        "{\"query\": \"Snow is\", \"choices\": [\"black\", \"white\"], \"gold\": 1}"));
        study = directory.resolve("study.yaml");
        Files.writeString(study, """
                output: %s
                base: %s
                data: data
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 3}
                methods:
                  - name: sft
                    trainer: sft
                    data: labels.jsonl
                    learning_rate: [1e-3, 3e-3]
                    max_steps: 4
                    save_steps: 2
                  - name: grpo
                    trainer: grpo
                    data: train.jsonl
                    learning_rate: 1e-3
                    max_steps: 2
                    num_generations: 4
                    save_steps: 1
                benchmarks: {tasks: [skill]}
                """.formatted(directory.resolve("out"), Golden.model()));
    }

    private CommandRun run(String... more) {
        return CommandRun.of(
                Stream.concat(Stream.of("run", study), Stream.of(more)).toArray());
    }

    @Test
    void run_withMetersOfDrift_hasTheirColumns() throws IOException {
        CommandRun run = run(
                "--set",
                "meters.weights=true",
                "--set",
                "meters.fisher=kl.jsonl",
                "--set",
                "meters.activations=kl.jsonl");
        assertThat(run.exit()).as(run.err()).isZero();
        List<Point> points = PointsCsv.read(directory.resolve("out/points.csv"));
        for (String meter :
                List.of("weight_l1", "weight_spectral", "weight_fisher_l2", "activation_l1", "activation_l2")) {
            assertThat(points.getFirst().meter(meter)).as(meter).isZero();
            assertThat(Points.of("sft", points)).hasSize(4).allMatch(point -> point.meter(meter) > 0, meter);
            assertThat(Points.of("grpo", points)).as("no reward, no step").allMatch(point -> point.meter(meter) == 0);
        }
        assertThat(Files.readString(directory.resolve("out/report.html"))).contains("Meters by R²", "weight_fisher_l2");
    }

    @Test
    void run_writesPointsFitsFiguresAndReport_andContinuesToTheSamePoints() throws IOException {
        CommandRun first = run();
        assertThat(first.err()).doesNotContain("error");
        assertThat(first.exit()).isZero();
        Path out = directory.resolve("out");
        List<String> points = Files.readAllLines(out.resolve("points.csv"));
        assertThat(points.getFirst())
                .startsWith("run,method,step,seed,learning_rate,new_accuracy,prior_accuracy,forgetting,forward_kl");
        // base; two SFT runs at steps 2 and 4; a GRPO run at steps 1 and 2
        assertThat(points).hasSize(1 + 1 + 4 + 2);
        assertThat(out.resolve("fits.json")).exists();
        assertThat(out.resolve("report.html")).exists();
        assertThat(out.resolve("figures/forgetting_vs_kl.png")).exists();
        assertThat(out.resolve("figures/forgetting_vs_kl.svg")).exists();
        assertThat(out.resolve("runs/grpo/final/model.safetensors")).exists();
        assertThat(out.resolve("runs/sft-learning_rate=0.001/metrics.jsonl")).exists();

        // As if it had been killed: one run has no result yet, one model no measurement.
        Files.delete(out.resolve("runs/grpo/final/config.json"));
        Files.delete(out.resolve("runs/grpo/final/model.safetensors"));
        try (Stream<Path> rest = Files.list(out.resolve("runs/grpo/final"))) {
            for (Path path : rest.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(out.resolve("runs/grpo/final"));
        Files.delete(out.resolve("measurements/sft-learning_rate=0.003-step-4.json"));
        Files.delete(out.resolve("points.csv"));
        var untouched = Files.getLastModifiedTime(out.resolve("runs/sft-learning_rate=0.001/final/model.safetensors"));

        assertThat(run().exit()).isZero();
        assertThat(Files.readAllLines(out.resolve("points.csv"))).isEqualTo(points);
        assertThat(Files.getLastModifiedTime(out.resolve("runs/sft-learning_rate=0.001/final/model.safetensors")))
                .isEqualTo(untouched);

        CommandRun other = run("--set", "meters.samples=2");
        assertThat(other.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(other.err()).contains("belongs to another study");

        Path skill = directory.resolve("data/skill.jsonl");
        String questions = Files.readString(skill);
        Files.writeString(skill, questions.replace("black", "green"));
        assertThat(run().err()).as("with other questions").contains("belongs to another study");
        Files.writeString(skill, questions);
        assertThat(Files.readAllLines(out.resolve("points.csv"))).isEqualTo(points);
    }

    @Test
    void run_reportsARunThatDiverged_andGoesOnWithTheOthers() throws IOException {
        Files.writeString(
                study,
                Files.readString(study)
                        .replace("[1e-3, 3e-3]", "[1e-3, 1e30]")
                        .replace("max_steps: 4", "max_steps: 3"));
        CommandRun result = run();
        assertThat(result.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(result.err())
                .containsPattern("error: run sft-learning_rate=1e30: learning_rate: the run diverged at step \\d");
        Path out = directory.resolve("out");
        assertThat(out.resolve("report.html")).exists();
        assertThat(Files.readString(out.resolve("points.csv")))
                .contains("grpo,grpo,2,")
                .doesNotContain("1e30");
        assertThat(out.resolve("runs/sft-learning_rate=1e30/final")).doesNotExist();
    }

    @Test
    void dryRun_listsTheRuns_andWritesNothing() {
        CommandRun result = run("--dry-run");
        assertThat(result.exit()).isZero();
        assertThat(result.err()).contains("3 runs:", "  sft-learning_rate=0.001", "  grpo");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void run_withUnknownAndMissingKeys_namesThemAll() throws IOException {
        Files.writeString(study, Files.readString(study).replace("base:", "bas:"));
        CommandRun result = run();
        assertThat(result.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(result.err()).contains("bas: unknown key; did you mean base?", "base: missing");
    }
}
