package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.config.ConfigLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StudyInputsTest {

    @TempDir
    private Path data;

    /// A study's directory is continued by the same inputs alone, so all that the runs read must be among them.
    @Test
    void inputs_areTheFilesAndModelsThatRunsRead() {
        StudyConfig study = ConfigLoader.parse("""
                output: out
                base: base
                data: data
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 4}
                benchmarks: {tasks: [skill]}
                methods:
                  - {name: rl, trainer: grpo, data: b.jsonl, learning_rate: 1e-3, kl_prompts: k.jsonl}
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: [base, self, "run:rl", ../other]}
                  - {name: b, trainer: sft, data: a.jsonl, learning_rate: 1, eval_data: e.jsonl, kl_prompts: k.jsonl,
                     sample_prompts: s.jsonl}
                """, "study.yaml", List.of(), StudyConfig.class);
        var inputs =
                new StudyInputs(study, data, Planner.plan(study, Path.of("/study"), Path.of("/models/base"), data));
        assertThat(inputs.teachers()).containsExactly(Path.of("/other"));
        assertThat(inputs.dataFiles())
                .map(file -> data.relativize(file).toString())
                .containsExactly("test.jsonl", "kl.jsonl", "b.jsonl", "k.jsonl", "a.jsonl", "e.jsonl", "s.jsonl");
    }
}
