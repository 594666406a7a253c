package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
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

    /// Whatever the folders are called that a benchmark looks in, and no more than what it reads.
    @Test
    void benchmarkFiles_areThoseThatQuestionsAreReadFrom() throws IOException {
        Path arc = Files.createDirectories(data.resolve("ai2_arc/ARC-Easy")).resolve("ARC-Easy-Test.jsonl");
        Files.writeString(
                arc,
                "{\"id\": \"x\", \"question\": {\"stem\": \"Why?\", \"choices\": [{\"text\": \"so\","
                        + " \"label\": \"A\"}, {\"text\": \"no\", \"label\": \"B\"}]}, \"answerKey\": \"B\"}\n");
        Files.writeString(arc.resolveSibling("ARC-Easy-Train.jsonl"), Files.readString(arc));
        Path math = Files.createDirectories(data.resolve("math500")).resolve("test.jsonl");
        Files.writeString(math, "{\"problem\": \"1 + 1?\", \"solution\": \"It is \\\\boxed{2}.\"}\n");
        StudyConfig study = ConfigLoader.parse("""
                output: out
                base: base
                data: data
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 4}
                benchmarks: {tasks: [arc_easy, hendrycks_math500, nowhere]}
                methods: [{name: a, trainer: sft, data: a.jsonl, learning_rate: 1}]
                """, "study.yaml", List.of(), StudyConfig.class);
        var places = new StudyPlaces(Path.of("/study"), Path.of("/models/base"), data, data, study.output());
        StudyInputs inputs = new StudyInputs(study, places, List.of());
        assertThat(inputs.benchmarkFiles()).containsExactly(arc, math);
    }

    private List<String> names(List<Path> files) {
        return files.stream().map(file -> data.relativize(file).toString()).toList();
    }
}
