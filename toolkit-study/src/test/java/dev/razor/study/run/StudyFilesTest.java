package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockedFile;
import dev.razor.core.lock.ModelsLock;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The paper's studies as they ship: they load, they have the runs that they say, and these fit the memory that
/// they say.
final class StudyFilesTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));
    private static final Path SHAPES = HOME.resolve("examples/shapes");
    private static final Pattern MEMORY = Pattern.compile("Memory:(?:\\s|#)+(?:about(?:\\s|#)+)?(\\d+)(?:\\s|#)+GB");

    /// More than the task's longest prompts have.
    private static final int PROMPT_TOKENS = 2048;

    private static StudyConfig load(Path file) {
        return ConfigLoader.load(file, List.of(), StudyConfig.class);
    }

    private static List<PlannedRun> plan(Path file) {
        StudyConfig study = load(file);
        String shape = study.base().getFileName().toString().replace("-instruct", "");
        return Planner.plan(study, file.resolveSibling("."), SHAPES.resolve(shape), Path.of("/data"));
    }

    @ParameterizedTest
    @CsvSource({
        "science/study.yaml, 'sft=80 grpo=10'",
        "tooluse/study.yaml, 'sft=80 grpo=10'",
        "math/study.yaml, 'sft=80 grpo=10'",
        "quadrants/study.yaml, 'grpo=5 reinforce=5 sft=5 simpo=5'",
        "scaling/3b.yaml, 'sft=20'",
        "scaling/7b.yaml, 'sft=20'",
        "scaling/14b.yaml, 'sft=20'",
        "hybrids/study.yaml, 'sft=3 grpo=3 oracle=3 self=3 distilled=3 sft_kl=6 grpo_kl=6 sft_budget=3'",
        "precision/study.yaml, 'sft=4 grpo=4'",
    })
    void studies_haveTheirRuns_whichFitTheMemoryThatTheyName(String name, String methods) throws IOException {
        Path file = HOME.resolve("studies").resolve(name);
        List<PlannedRun> runs = plan(file);
        Map<String, Long> counts = runs.stream()
                .collect(Collectors.groupingBy(PlannedRun::method, LinkedHashMap::new, Collectors.counting()));
        String shown = counts.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
        assertThat(shown).isEqualTo(methods);
        Matcher stated = MEMORY.matcher(Files.readString(file));
        assertThat(stated.find()).as("%s says what memory it needs", file).isTrue();
        double most = 0;
        for (PlannedRun run : runs) {
            most = Math.max(most, memory(run).total() / 1e9);
        }
        double gigabytes = Double.parseDouble(stated.group(1));
        assertThat(most).as("GB that %s needs", name).isBetween(0.6 * gigabytes, gigabytes);
    }

    /// Of rollouts with the longest prompts.
    private static MemoryPlan memory(PlannedRun run) {
        return run.memory(new DeviceMemory("cuda:0", OptionalLong.empty(), "test"), PROMPT_TOKENS);
    }

    /// Table 2 of the paper.
    @Test
    void science_hasTheGridsOfThePaper() {
        List<PlannedRun> runs = plan(HOME.resolve("studies/science/study.yaml"));
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.arguments().warmupSteps()).isEqualTo(50);
            assertThat(run.arguments().maxGradNorm()).isEqualTo(1);
            assertThat(run.arguments().weightDecay()).isZero();
            assertThat(run.arguments().dtype()).isEqualTo("bfloat16");
        });
        assertThat(runs.stream()
                        .filter(run -> run.method().equals("sft"))
                        .map(run -> run.arguments().perDeviceTrainBatchSize()
                                * run.arguments().gradientAccumulationSteps())
                        .distinct())
                .containsExactly(16, 32, 64, 128);
        assertThat(runs).filteredOn(run -> run.method().equals("grpo")).allSatisfy(run -> {
            var config = ((PlannedRun.Trainer.Grpo) run.trainer()).config();
            assertThat(config.rollout().numGenerations()).isEqualTo(64);
            assertThat(config.rolloutSize()).isEqualTo(8 * 64);
            assertThat(config.needsBase()).isFalse();
        });
    }

    /// From an empty machine: what a study reads is what it fetches, prepares or has labelled, and what it
    /// fetches is in models.lock.
    @Test
    void studies_bringAllThatTheyRead() throws IOException {
        ModelsLock lock = ModelsLock.read(HOME.resolve("models.lock"));
        for (Path file : studies()) {
            StudyConfig study = load(file);
            StudyPlaces shipped = StudyPlaces.of(study, file);
            Path nowhere = Path.of("/no/data");
            StudyPlaces places = new StudyPlaces(
                    shipped.folder(), shipped.base(), nowhere, nowhere.resolve("cache"), study.output());
            List<PlannedRun> runs = Planner.plan(study, places.folder(), SHAPES.resolve("qwen2.5-3b"), nowhere);
            StudyInputs inputs = new StudyInputs(study, places, runs);
            StudyData data = new StudyData(study, places);
            List<Path> read = new ArrayList<>(inputs.measured());
            runs.forEach(run -> read.addAll(inputs.trained(run)));
            assertThat(read).as("%s", file).isNotEmpty().allMatch(data::brings);
            assertThat(data.brings(places.benchmarks())).isTrue();
            assertThat(places.named(study).entry())
                    .isEqualTo(lock.entry(study.base().toString()));
            assertThat(data.problems()).isEmpty();
            study.benchmarks().datasets().forEach(lock::entry);
            for (JsonNode task : study.prepare()) {
                Stream.of("input", "test").filter(task::has).forEach(key -> {
                    Path source = Path.of(task.path(key).asString());
                    LockEntry entry = lock.entry(source.getName(0).toString());
                    if (source.getNameCount() > 1) {
                        assertThat(entry.files())
                                .extracting(LockedFile::path)
                                .contains(source.getName(0).relativize(source).toString());
                    }
                });
            }
            for (JsonNode labels : study.labels()) {
                assertThat(List.of(labels.path("reward").asString()))
                        .isEqualTo(study.task().rewards().reward());
            }
        }
    }

    @Test
    void everyStudy_isTested() throws IOException {
        assertThat(studies())
                .extracting(file -> HOME.resolve("studies").relativize(file).toString())
                .containsExactlyInAnyOrder(
                        "science/study.yaml",
                        "tooluse/study.yaml",
                        "math/study.yaml",
                        "quadrants/study.yaml",
                        "scaling/3b.yaml",
                        "scaling/7b.yaml",
                        "scaling/14b.yaml",
                        "hybrids/study.yaml",
                        "precision/study.yaml");
    }

    private static List<Path> studies() throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("studies"))) {
            return files.filter(path -> path.toString().endsWith(".yaml"))
                    .filter(path -> !path.startsWith(HOME.resolve("studies/paritymnist")))
                    .toList();
        }
    }
}
