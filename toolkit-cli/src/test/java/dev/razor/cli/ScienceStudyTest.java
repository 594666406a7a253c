package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.SharedData;
import dev.razor.core.testing.TinyModel;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// studies/science/study.yaml from its data to its report, made small: real records of SciKnowEval, HellaSwag and
/// IFEval, Qwen2.5's tokenizer, a random model of one layer, the first run of each grid.
@Tag("data")
final class ScienceStudyTest {

    private static final Path STUDY = Path.of(System.getProperty("razor.home")).resolve("studies/science/study.yaml");

    @TempDir
    private Path directory;

    @Test
    void science_runsFromPreparedDataToTheReport() throws IOException {
        Path source = SharedData.at("train/sciknoweval/chemistry_L3");
        CommandRun prepared = CommandRun.of(
                "data",
                "prepare",
                "science",
                "--input",
                source,
                "--output",
                directory.resolve("data/science"),
                "--limit",
                "20");
        assertThat(prepared.exit()).as(prepared.err()).isZero();
        writeLabels(directory.resolve("data/science"));
        CommandRun run = CommandRun.of(
                "run",
                small(),
                "--set",
                "output=" + directory.resolve("out"),
                "--set",
                "base=" + model(),
                "--set",
                "data=" + directory.resolve("data"),
                "--set",
                "benchmarks.datasets=[]",
                "--set",
                "benchmarks.folder=" + SharedData.at("eval"),
                "--set",
                "benchmarks.tasks=[hellaswag, ifeval]",
                "--set",
                "benchmarks.limit=4",
                "--set",
                "task.max_completion_length=8");
        assertThat(run.exit()).as(run.err()).isZero();
        List<Point> points = PointsCsv.read(directory.resolve("out/points.csv"));
        assertThat(points).extracting(Point::method).containsExactly("base", "sft", "grpo");
        assertThat(points.getFirst().benchmarks()).containsOnlyKeys("hellaswag", "ifeval");
        Point sft = points.get(1);
        assertThat(sft.meter("forward_kl")).isPositive();
        assertThat(sft.meter("weight_sparsity")).isBetween(0.0, 1.0);
        assertThat(directory.resolve("out/report.html")).exists();
        assertThat(directory.resolve("out/runs/sft/final"))
                .as("keep_models: none")
                .doesNotExist();
    }

    /// Right answers in the form that the task asks for, where a teacher's labels would be.
    private static void writeLabels(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonRecord record : Jsonl.read(folder.resolve("train.jsonl"))) {
            ObjectNode line = record.node().deepCopy();
            String answer =
                    "<reasoning>\nIt is.\n</reasoning>\n<answer>\n%s\n</answer>".formatted(record.text("answer"));
            line.putArray("completion").addObject().put("role", "assistant").put("content", answer);
            lines.add(line.toString());
        }
        Files.write(folder.resolve("labelled.jsonl"), lines);
    }

    /// The study with the first value of each list, one step and small batches.
    private Path small() {
        ObjectNode study = (ObjectNode) YAMLMapper.shared().readTree(STUDY.toFile());
        for (JsonNode method : study.path("methods")) {
            ObjectNode keys = (ObjectNode) method;
            for (Map.Entry<String, JsonNode> key : List.copyOf(keys.properties())) {
                if (key.getValue().isArray()) {
                    keys.set(key.getKey(), key.getValue().get(0));
                }
            }
            keys.put("max_steps", 1).put("dtype", "float32").put("per_device_train_batch_size", 2);
            keys.put("gradient_accumulation_steps", 1).put("warmup_steps", 0);
            if (keys.has("num_generations")) {
                keys.put("num_generations", 2).put("max_completion_length", 8);
                keys.put("generation_batch_size", 2).put("rollout_batch_size", 2);
            }
        }
        Path file = directory.resolve("study.yaml");
        YAMLMapper.shared().writeValue(file.toFile(), study);
        return file;
    }

    /// A random model that soon says one of the many tokens that end its answers.
    private Path model() throws IOException {
        var config = new Qwen2Config(151_936, 16, 16, 1, 2, 1, 4096, 1e-6, 10_000, true);
        Path model = TinyModel.write(directory.resolve("model"), config, 1, Dtype.FLOAT32, 1L << 30);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(
                    SharedData.at("tokenizer/qwen2.5").resolve(name),
                    model.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        ObjectNode generation = JsonNodeFactory.instance.objectNode();
        ArrayNode ends = generation.putArray("eos_token_id");
        IntStream.range(0, 151_000).forEach(ends::add);
        Files.writeString(model.resolve("generation_config.json"), generation.toString());
        return model;
    }
}
