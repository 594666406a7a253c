package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.run.Sha256;
import dev.razor.study.quickstart.QuickstartData;
import dev.razor.study.quickstart.QuickstartWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What ships beside the code: examples that load, data that its recipe gives, a base model that is the locked
/// one, and a README whose commands exist.
final class ExamplesTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));

    @TempDir
    private Path directory;

    @Test
    void everyExample_isAcceptedByItsCommand() throws IOException {
        Map<String, String> commands = Map.of(
                "sft.yaml", "sft",
                "oracle-sft.yaml", "sft",
                "sft-kl.yaml", "sft",
                "simpo.yaml", "simpo",
                "grpo.yaml", "grpo",
                "bench.yaml", "bench",
                "pretrain.yaml", "pretrain",
                "study.yaml", "run");
        try (Stream<Path> files = Files.walk(HOME.resolve("examples"))) {
            List<Path> examples = files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
            for (Path example : examples) {
                String command = Objects.requireNonNull(
                        commands.get(example.getFileName().toString()), "no command is known for " + example);
                CommandRun result = CommandRun.of(command, example, "--dry-run");
                assertThat(result.exit()).as("%s: %s", example, result.err()).isZero();
            }
        }
    }

    @Test
    void quickstartData_isWhatItsRecipeGives() throws IOException {
        Path made = directory.resolve("data");
        QuickstartData.write(made, QuickstartWorld.Recipe.standard());
        assertThat(digests(HOME.resolve("examples/quickstart/data"))).isEqualTo(digests(made));
    }

    private static Map<String, String> digests(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Map<String, String> digests = new TreeMap<>();
            files.filter(Files::isRegularFile)
                    .forEach(file -> digests.put(folder.relativize(file).toString(), Sha256.ofFile(file)));
            return digests;
        }
    }

    @Test
    void modelsLock_holdsTheQuickstartBase() {
        JsonNode files = YAMLMapper.shared()
                .readTree(HOME.resolve("models.lock").toFile())
                .path("models")
                .path("quickstart-base")
                .path("files");
        assertThat(files).isNotEmpty();
        for (JsonNode file : files) {
            Path path = HOME.resolve("examples/quickstart/base")
                    .resolve(file.path("path").asString());
            assertThat(path).hasSize(file.path("bytes").asLong());
            assertThat(Sha256.ofFile(path))
                    .as("%s", path)
                    .isEqualTo(file.path("sha256").asString());
        }
    }

    /// Every `razor` command in the documents names an existing command and only options that it has.
    @Test
    void documentedCommands_areUnderstood() throws IOException {
        Pattern command = Pattern.compile("(?m)^\\s*(?:\\./)?razor ([a-z]+)((?:[^\\n#|`\\\\]|\\\\\\n)*)");
        int found = 0;
        for (String document : List.of(
                "README.md",
                "CONTRIBUTING.md",
                "docs/quickstart.md",
                "docs/performance.md",
                "docs/sft-family.md",
                "docs/simpo.md",
                "docs/training.md",
                "docs/models.md",
                "docs/memory.md")) {
            Matcher matcher = command.matcher(Files.readString(HOME.resolve(document)));
            while (matcher.find()) {
                String[] arguments = (matcher.group(1) + matcher.group(2).replace("\\\n", " "))
                        .strip()
                        // a single word is a name of models.lock, and need not be fetched here
                        .replaceAll("\\b(MODEL|qwen2\\.5-[0-9a-z.]+-instruct)\\b", "models/my-model")
                        .split("\\s+");
                var parsed = Razor.commandLine().parseArgs(arguments);
                assertThat(parsed.subcommand())
                        .as("%s: %s", document, matcher.group())
                        .isNotNull();
                found++;
            }
        }
        assertThat(found).isGreaterThan(5);
    }
}
