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

    /// What a unit follows from is told by its inputs, so all that a run reads must be among them, and nothing
    /// else.
    @Test
    void inputs_areTheFilesAndModelsThatEachRunReads() {
        StudyConfig study = ConfigLoader.parse("""
                output: out
                base: base
                data: data
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 4}
                benchmarks: {tasks: [skill]}
                meters: {fisher: f.jsonl}
                methods:
                  - {name: rl, trainer: grpo, data: b.jsonl, learning_rate: 1e-3, kl_prompts: k.jsonl}
                  - {name: a, trainer: sft, data: a.jsonl, learning_rate: 1, teacher: [base, self, "run:rl", ../other]}
                  - {name: b, trainer: sft, data: a.jsonl, learning_rate: 1, eval_data: e.jsonl, kl_prompts: k.jsonl,
                     sample_prompts: s.jsonl}
                """, "study.yaml", List.of(), StudyConfig.class);
        var places = new StudyPlaces(Path.of("/study"), Path.of("/models/base"), data, data, study.output());
        List<PlannedRun> runs = Planner.plan(study, places.folder(), places.base(), data);
        StudyInputs inputs = new StudyInputs(study, places, runs);
        assertThat(names(inputs.measured())).containsExactly("test.jsonl", "kl.jsonl", "f.jsonl");
        assertThat(runs)
                .extracting(run -> names(inputs.trained(run)))
                .containsExactly(
                        List.of("b.jsonl", "k.jsonl"),
                        List.of("a.jsonl"),
                        List.of("a.jsonl"),
                        List.of("a.jsonl"),
                        List.of("a.jsonl"),
                        List.of("a.jsonl", "e.jsonl", "k.jsonl", "s.jsonl"));
        assertThat(runs)
                .extracting(run ->
                        inputs.teacherRun(run).map(PlannedRun::name).orElse(String.valueOf(StudyInputs.teacher(run))))
                .containsExactly("null", "null", "null", "rl", "/other", "null");
    }

    private List<String> names(List<Path> files) {
        return files.stream().map(file -> data.relativize(file).toString()).toList();
    }
}
