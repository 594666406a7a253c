package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import java.nio.file.Path;
import java.util.List;
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
        return Planner.plan(study, Path.of("/models/base"), Path.of("/data"));
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
            assertThat(grpo.config().reward()).isEqualTo("one_of");
            assertThat(grpo.config().maxCompletionLength()).isEqualTo(4);
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
                                        "methods[1]: trainer: expected sft or grpo, got ppo",
                                        "methods[2]: name: expected a text, got null",
                                        "methods[3]: learning_rat: unknown key; did you mean learning_rate?",
                                        "methods[3]: learning_rate: missing; number must be given (highest learning rate)"));
    }

    @Test
    void plan_refusesTwoRunsOfOneName() {
        assertThatThrownBy(() -> plan("""
                methods:
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1}
                  - {name: a, trainer: sft, data: b.jsonl, learning_rate: 1}
                """))
                .hasMessage("methods: two runs are called a; give the methods different names");
    }
}
