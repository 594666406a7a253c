package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.run.OutputDirectory;
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

        var untouched = Files.getLastModifiedTime(out.resolve("runs/sft-learning_rate=0.001/final/model.safetensors"));

        // As if it had been killed: one run has no result yet, one model no measurement.
        OutputDirectory.delete(out.resolve("runs/grpo/final"));
        Files.delete(out.resolve("measurements/sft-learning_rate=0.003/step-4.json"));
        for (String killed : List.of("grpo", "sft-learning_rate=0.003")) {
            Path state = out.resolve("state/" + killed + ".json");
            Files.writeString(state, Files.readString(state).replace("done", "running"));
        }
        Files.delete(out.resolve("points.csv"));
        CommandRun second = run();
        assertThat(second.exit()).isZero();
        assertThat(second.err()).containsPattern("grpo .* to go on").containsPattern("0.001 .* done");
        assertThat(Files.readAllLines(out.resolve("points.csv"))).isEqualTo(points);
        assertThat(Files.getLastModifiedTime(out.resolve("runs/sft-learning_rate=0.001/final/model.safetensors")))
                .isEqualTo(untouched);

        CommandRun other = run("--set", "base=" + Golden.model().resolveSibling("model-a-perturbed"));
        assertThat(other.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(other.err()).contains("belongs to another study (its base model");
        CommandRun task = run("--set", "task.kl_prompts=test.jsonl");
        assertThat(task.err()).contains("belongs to another study (its task is");
        assertThat(Files.readAllLines(out.resolve("points.csv"))).isEqualTo(points);
    }

    @Test
    void run_only_doesThoseRuns_andSaysWhichAreLeft() throws IOException {
        CommandRun first = run("--only", "g*");
        assertThat(first.exit()).isZero();
        assertThat(first.err())
                .contains("left out by --only, still to do: sft-learning_rate=0.001, sft-learning_rate=0.003");
        Path points = directory.resolve("out/points.csv");
        assertThat(Files.readString(points)).contains("grpo,grpo,2,").doesNotContain("sft");
        CommandRun nothing = run("--only", "dpo*");
        assertThat(nothing.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(nothing.err())
                .contains(
                        "error: --only: no run is called dpo*; the runs are sft-learning_rate=0.001, sft-learning_rate=0.003, grpo");
        assertThat(run("--only", "{").err()).contains("error: --only: { is no pattern");
        assertThat(run("--jobs", "0").err()).contains("error: --jobs: must be positive, got 0");
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
        assertThat(result.err())
                .contains("3 runs, 3 to do: about", "  sft-learning_rate=0.001", "  grpo", "disk: ", "memory: ");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void dryRun_whereModelAndDataAreNotThere_stillPlans_andRunRefuses() throws IOException {
        Files.delete(directory.resolve("data/labels.jsonl"));
        String[] missing = {"--set", "base=" + directory.resolve("nowhere")};
        CommandRun plan = run("--dry-run", missing[0], missing[1]);
        assertThat(plan.exit()).isZero();
        assertThat(plan.err())
                .contains("3 runs, 3 to do: time unknown")
                .containsPattern("missing: base: .*nowhere holds no config.json")
                .containsPattern("missing: data: .*labels.jsonl: there is no such file");
        CommandRun real = run(missing);
        assertThat(real.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(real.err()).containsPattern("error: data: .*labels.jsonl: there is no such file");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void run_ofAnUnknownExperiment_namesThoseThereAre() throws IOException {
        Files.writeString(study, Files.readString(study) + "experiment: cifar\n");
        assertThat(run().err()).contains("experiment: expected language_model", "got \"cifar\"");
    }

    @Test
    void run_withUnknownAndMissingKeys_namesThemAll() throws IOException {
        Files.writeString(study, Files.readString(study).replace("base:", "bas:"));
        CommandRun result = run();
        assertThat(result.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(result.err()).contains("bas: unknown key; did you mean base?", "base: missing");
    }
}
