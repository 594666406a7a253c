package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.sft.SftConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PlannerTest {

    private static final String HEAD = """
            output: out
            base: base
            data: data
            task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 4}
            benchmarks: {tasks: [skill]}
            """;

    private static List<PlannedRun> plan(String methods) {
        StudyConfig study = ConfigLoader.parse(HEAD + methods, "study.yaml", List.of(), StudyConfig.class);
        return Planner.plan(study, Path.of("/study"), Path.of("/models/base"), Path.of("/data"));
    }

    @Test
    void plan_multipliesListsAndSeeds() {
        List<PlannedRun> runs = plan("""
                seeds: [1, 2]
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: [1e-3, 1e-4], num_train_epochs: [1, 2]}
                  - {name: b, trainer: grpo, data: b.jsonl, learning_rate: 1e-3}
                """);
        assertThat(runs).hasSize(2 * 2 * 2 + 2);
        assertThat(runs.getFirst().name()).isEqualTo("a-learning_rate=0.001-num_train_epochs=1-seed=1");
        assertThat(runs.getLast().name()).isEqualTo("b-seed=2");
        assertThat(runs.getLast().arguments().seed()).isEqualTo(2);
        assertThat(runs.getFirst().directory())
                .isEqualTo(Path.of("out/runs/a-learning_rate=0.001-num_train_epochs=1-seed=1"));
        assertThat(runs.getFirst().trainer()).isInstanceOfSatisfying(PlannedRun.Trainer.Sft.class, sft -> {
            assertThat(sft.config().data()).isEqualTo(List.of(Path.of("/data/a.jsonl")));
            assertThat(sft.config().model()).isEqualTo(Path.of("/models/base"));
        });
        assertThat(runs.getLast().trainer()).isInstanceOfSatisfying(PlannedRun.Trainer.Grpo.class, grpo -> {
            assertThat(grpo.config().rewards().reward()).containsExactly("one_of");
            assertThat(grpo.config().rollout().maxCompletionLength()).isEqualTo(4);
        });
    }

    @Test
    void plan_reportsTheProblemsOfAllMethods() {
        assertThatThrownBy(() -> plan("""
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: -1}
                  - {name: b, trainer: ppo, data: b.jsonl, learning_rate: 1}
                  - {trainer: sft, data: b.jsonl, learning_rate: 1}
                  - {name: d, trainer: sft, data: b.jsonl, learning_rat: 1}
                """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "methods[0]: learning_rate must be a positive number, got -1.0",
                                        "methods[1]: trainer: expected sft, grpo or simpo, got ppo",
                                        "methods[2]: name: expected a text, got null",
                                        "methods[3]: learning_rat: unknown key; did you mean learning_rate?",
                                        "methods[3]: learning_rate: missing; number must be given (highest learning rate)"));
    }

    @Test
    void plan_refusesWhatAMethodCannotSay() {
        assertThatThrownBy(() -> plan("""
                seeds: [1, 2]
                methods:
                  - {name: all, trainer: sft, data: a.jsonl, learning_rate: 1}
                  - {name: base, trainer: sft, data: a.jsonl, learning_rate: [1, 2]}
                  - {name: c, trainer: sft, data: a.jsonl, learning_rate: 1, model: other}
                  - {name: d, trainer: sft, data: a.jsonl, learning_rate: []}
                  - {name: e, trainer: sft, data: a.jsonl, learning_rate: 1, seed: 3}
                """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "methods[0]: name: all means something else in points.csv and fits.json; choose another",
                                        "methods[1]: name: base means something else in points.csv and fits.json; choose another",
                                        "methods[2]: model: the study decides it; remove the key",
                                        "methods[3]: learning_rate: the list is empty, so that there is nothing to run; give a value",
                                        "methods[4]: seed: the study's seeds [1, 2] decide it; remove one of the two"));
    }

    private static List<SftConfig> sft(String methods) {
        return plan(methods).stream()
                .flatMap(run -> run.trainer() instanceof PlannedRun.Trainer.Sft(var config)
                        ? Stream.of(config)
                        : Stream.empty())
                .toList();
    }

    @Test
    void plan_ofSampledLabels_takesRewardAndLengthFromTheTask() {
        List<SftConfig> runs = sft("""
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: base}
                  - {name: b, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: self, max_completion_length: 9}
                  - {name: c, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: ../other, reward: null}
                  - {name: d, trainer: sft, data: a.jsonl, learning_rate: 1}
                """);
        assertThat(runs).extracting(run -> run.labels().teacher()).containsExactly("base", "self", "/other", null);
        assertThat(runs).extracting(run -> run.labels().reward()).containsExactly("one_of", "one_of", null, null);
        assertThat(runs).extracting(run -> run.labels().maxCompletionLength()).containsExactly(4, 9, 4, 512);
    }

    @Test
    void plan_findsWatchedFilesInTheDataFolder() {
        SftConfig run = sft("""
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, eval_data: e.jsonl, kl_prompts: k.jsonl,
                     sample_prompts: s.jsonl}
                """).getFirst();
        assertThat(run.evalData()).isEqualTo(Path.of("/data/e.jsonl"));
        assertThat(run.klBudget().klPrompts()).isEqualTo(Path.of("/data/k.jsonl"));
        assertThat(run.samples().samplePrompts()).isEqualTo(Path.of("/data/s.jsonl"));
    }

    @Test
    void plan_ofATeacherThatIsAnotherRun_takesItsFinalModel() {
        List<SftConfig> runs = sft("""
                methods:
                  - {name: rl, trainer: grpo, data: b.jsonl, learning_rate: 1e-3}
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: ["run:rl", base]}
                """);
        assertThat(runs).extracting(run -> run.labels().teacher()).containsExactly("out/runs/rl/final", "base");
        assertThat(runs)
                .extracting(SftConfig::output)
                .containsExactly(Path.of("out/runs/a-teacher=run-rl"), Path.of("out/runs/a-teacher=base"));
    }

    @Test
    void plan_ofATeacherOfSeveralSeeds_takesTheRunOfTheSameSeed() {
        List<SftConfig> runs = sft("""
                seeds: [1, 2]
                methods:
                  - {name: rl, trainer: grpo, data: b.jsonl, learning_rate: 1e-3}
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: "run:rl"}
                  - {name: b, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: "run:rl-seed=2"}
                """);
        assertThat(runs)
                .extracting(run -> run.labels().teacher())
                .containsExactly(
                        "out/runs/rl-seed=1/final",
                        "out/runs/rl-seed=2/final",
                        "out/runs/rl-seed=2/final",
                        "out/runs/rl-seed=2/final");
    }

    @Test
    void plan_refusesATeacherThatIsNoEarlierRun() {
        assertThatThrownBy(() -> plan("""
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: "run:rl"}
                  - {name: rl, trainer: grpo, data: b.jsonl, learning_rate: 1e-3}
                  - {name: b, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: "run:b"}
                """))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "methods[0]: teacher: no run before this one is called rl; name one of [], or put it before",
                                        "methods[2]: teacher: no run before this one is called b; name one of [rl], or put it before"));
    }

    @Test
    void plan_refusesTwoRunsOfOneName() {
        assertThatThrownBy(() -> plan("""
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1}
                  - {name: a, trainer: sft, data: b.jsonl, learning_rate: 1}
                """))
                .hasMessage("methods: two runs are called a; give the methods different names, and lists (seeds too)"
                        + " different values");
    }

    /// A run is called like a folder and like files: none that leads out of the study's, is hidden, or is too long.
    @Test
    void plan_refusesNamesThatAreNoFolders() {
        for (String name : List.of(".", "..", ".hidden", "a/b", "a b", "é", "a".repeat(201))) {
            assertThatThrownBy(() -> plan("""
                    methods:
                      - {name: "%s", trainer: sft, data: a.jsonl, learning_rate: 1}
                    """.formatted(name)))
                    .as(name)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("methods[0]: the run's name would be " + name
                            + "; a name has letters, digits and . _ = + - only, no . first, and at most 200 of them");
        }
    }
}
