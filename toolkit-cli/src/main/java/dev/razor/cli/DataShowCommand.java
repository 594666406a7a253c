package dev.razor.cli;

import dev.razor.core.checkpoint.ModelConfigFile;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.sft.SftConfig;
import dev.razor.sft.SftData;
import dev.razor.sft.SftExample;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "show",
        description = "The sequences that razor sft would train on, with the trained tokens marked.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Reads the data as razor sft does: the same records are refused, cut and left out. Each sequence is shown"
                    + " with its place, its tokens and how many of them are trained, and its text: trained tokens on"
                    + " a green ground or, where the output is no terminal or NO_COLOR is set, in [[ ]]. A new line"
                    + " is \u21b5, a tab \u21e5, a blank beside another or at a border \u00b7. Characters that steer"
                    + " a terminal are written as \\uXXXX. A summary ends the output.",
            "Only the model's tokenizer and config.json are read.",
            "",
            "Example:",
            "  razor data show examples/sft.yaml --limit 3",
            "  razor data show --model models/my-model --data train.parquet --set max_length=512",
            ""
        })
final class DataShowCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key of razor sft's, such as --set max_length=512. Repeatable.")
    private final List<String> overrides = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "Show the first N sequences only; 0 the summary alone.")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--no-color", description = "Mark trained tokens with [[ ]] on a terminal too.")
    private boolean noColor;

    /// What is shown: the data of a run, or files as a run with all its defaults would take them.
    private static final class Source {

        @Parameters(paramLabel = "CONFIG.yaml", description = "The file of an SFT run.")
        private @Nullable Path config;

        @ArgGroup(exclusive = false)
        private @Nullable Files files;
    }

    private static final class Files {

        @SuppressWarnings("NullAway.Init")
        @Option(
                names = "--model",
                required = true,
                paramLabel = "DIR",
                converter = ModelDirectory.class,
                description = "A Hugging Face model directory.")
        private Path model;

        @SuppressWarnings("NullAway.Init")
        @Option(
                names = "--data",
                required = true,
                paramLabel = "FILE",
                description = "A file or glob of records. Repeatable.")
        private List<Path> data;
    }

    @Override
    public Integer call() {
        Limits.notNegative("--limit", limit);
        SftConfig config = config();
        Qwen2Config model = ModelConfigFile.qwen2(config.model(), ModelConfigFile.readJson(config.model()));
        PrintWriter out = spec.commandLine().getOut();
        try (Tokenizer tokenizer = Tokenizer.load(config.model())) {
            SftData data = SftData.read(config, tokenizer, model.vocabSize(), model.maxPositionEmbeddings());
            TokenText text = new TokenText(tokenizer, colored());
            for (SftExample example : data.examples().stream().limit(limit).toList()) {
                out.println("%s: %d tokens, %d trained"
                        .formatted(
                                TokenText.visible(example.place()),
                                example.sequence().length(),
                                example.sequence().predictions()));
                String shown = text.of(example.sequence());
                out.print(shown.endsWith("\n") ? shown : shown + "\n");
                out.println();
            }
            DataSummary.lines(data, config).forEach(out::println);
            out.flush();
        }
        return ExitCode.OK;
    }

    private SftConfig config() {
        if (source.config != null) {
            return RunConfigs.load(source.config, overrides, SftConfig.class);
        }
        Files files = Objects.requireNonNull(source.files);
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("model", files.model.toString());
        ArrayNode data = root.putArray("data");
        files.data.forEach(file -> data.add(file.toString()));
        // a run needs these two; what is shown does not depend on them
        root.put("output", "none").put("learning_rate", 1.0);
        return ConfigLoader.parse(root.toString(), "--model, --data", overrides, SftConfig.class);
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    private boolean colored() {
        String wish = System.getenv("NO_COLOR");
        boolean refused = noColor || (wish != null && !wish.isEmpty());
        return !refused && System.console() != null && System.console().isTerminal();
    }
}
