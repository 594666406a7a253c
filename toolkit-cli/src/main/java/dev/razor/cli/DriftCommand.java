package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Sha256;
import dev.razor.eval.drift.ActivationChange;
import dev.razor.eval.drift.ActivationMeter;
import dev.razor.eval.drift.DriftFiles;
import dev.razor.eval.drift.FisherChange;
import dev.razor.eval.drift.FisherMeter;
import dev.razor.eval.drift.Pooling;
import dev.razor.eval.drift.RepresentationChange;
import dev.razor.eval.drift.RepresentationMeter;
import dev.razor.eval.drift.TextIds;
import dev.razor.eval.drift.WeightChange;
import dev.razor.eval.drift.WeightMeter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "drift",
        description = "How far MODEL has moved from BASE inside: its weights, activations and representations.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Give at least one of --weights, --fisher, --activations, --representations. Either model can be a PEFT"
                    + " adapter (but for BASE with --fisher). --weights reads both models' files a piece at a time and"
                    + " loads neither. What each number is: docs/drift.md.",
            "A TEXTS file holds records with \"text\", or with one of \"prompt\", \"prompt_ids\", \"messages\".",
            "Output: drift.json with one number a meter, weights.jsonl with a line a weight, layers.jsonl with a line a"
                    + " layer.",
            "",
            "Examples:",
            "  razor drift models/base models/tuned --weights --output drift",
            "  razor drift models/base models/tuned --activations texts.jsonl --representations texts.jsonl"
                    + " --output drift",
            ""
        })
final class DriftCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            index = "0",
            paramLabel = "BASE",
            converter = ModelDirectory.class,
            description = "The model that the other is measured from.")
    private Path base;

    @SuppressWarnings("NullAway.Init")
    @Parameters(index = "1", paramLabel = "MODEL", converter = ModelDirectory.class, description = "The other model.")
    private Path model;

    @SuppressWarnings("NullAway.Init")
    @Option(names = "--output", required = true, paramLabel = "DIR", description = "A directory that does not exist.")
    private Path output;

    @Option(names = "--weights", description = "Change of the weights: L1, L2, spectral norm, share unchanged.")
    private boolean weights;

    @Option(names = "--rank", description = "With --weights: the rank of each matrix's change.")
    private boolean rank;

    @Option(
            names = "--angles",
            paramLabel = "K",
            description = "With --weights: principal angles between the K leading singular directions of each matrix.")
    private int angles;

    @Option(
            names = "--fisher",
            paramLabel = "TEXTS",
            description = "Fisher-weighted change of the weights, on prompts of the previous task.")
    private @Nullable Path fisher;

    @Option(
            names = "--samples",
            defaultValue = "1",
            paramLabel = "N",
            description = "With --fisher: completions of BASE a prompt (default: ${DEFAULT-VALUE}).")
    private int samples = 1;

    @Option(
            names = "--max-new-tokens",
            defaultValue = "256",
            paramLabel = "N",
            description = "With --fisher: tokens a completion may have (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens = 256;

    @Option(names = "--activations", paramLabel = "TEXTS", description = "Change of the activations on these texts.")
    private @Nullable Path activations;

    @Option(
            names = "--representations",
            paramLabel = "TEXTS",
            description = "CKA and CKNNA of every layer on these texts.")
    private @Nullable Path representations;

    @Option(
            names = "--neighbours",
            defaultValue = "10",
            paramLabel = "K",
            description = "With --representations: neighbours of a text in CKNNA (default: ${DEFAULT-VALUE}).")
    private int neighbours = 10;

    @Option(
            names = "--pooling",
            defaultValue = "mean",
            paramLabel = "P",
            description = "With --representations: what stands for a text, the mean over its tokens or the last one:"
                    + " mean | last (default: ${DEFAULT-VALUE}).")
    private Pooling pooling = Pooling.MEAN;

    @Option(
            names = "--max-length",
            defaultValue = "512",
            paramLabel = "N",
            description = "Tokens taken of a text (default: ${DEFAULT-VALUE}).")
    private int maxLength = 512;

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Override
    public Integer call() {
        if (!weights && fisher == null && activations == null && representations == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing a meter: give at least one of --weights, --fisher, --activations, --representations");
        }
        if (!weights && (rank || angles > 0)) {
            throw new ParameterException(spec.commandLine(), "--rank and --angles go with --weights");
        }
        Limits.notNegative("--angles", angles);
        Limits.positive("--samples", samples);
        Limits.positive("--max-new-tokens", maxNewTokens);
        Limits.positive("--neighbours", neighbours);
        Limits.positive("--max-length", maxLength);
        options.batchSize();
        var table = new DriftTable();
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            OutputDirectory.publish(output, directory -> {
                DriftFiles.Measured measured = measure(progress);
                DriftFiles.write(directory, measured, settings());
                table.add(measured);
            });
        }
        table.print(spec.commandLine().getOut());
        spec.commandLine().getOut().println("wrote %s".formatted(output));
        return ExitCode.OK;
    }

    private DriftFiles.Measured measure(Progress progress) {
        WeightChange changed =
                weights ? new WeightMeter(rank, angles, options.device()).measure(base, model, progress) : null;
        FisherChange weighted = fisher == null ? null : fisher(fisher, progress);
        ActivationChange moved = null;
        RepresentationChange alike = null;
        if (activations != null || representations != null) {
            try (ModelPair pair = ModelPair.load(base, model, options)) {
                moved = activations == null
                        ? null
                        : ActivationMeter.measure(
                                pair.base(),
                                pair.model(),
                                texts(activations, pair.base()),
                                options.batchSize(),
                                options.seed(),
                                progress);
                alike = representations == null
                        ? null
                        : new RepresentationMeter(neighbours, pooling, options.batchSize())
                                .measure(pair.base(), pair.model(), texts(representations, pair.base()), progress);
            }
        }
        return new DriftFiles.Measured(changed, weighted, moved, alike);
    }

    private FisherChange fisher(Path prompts, Progress progress) {
        LoadOptions trainable = new LoadOptions(options.device(), options.dtype(), true);
        try (PretrainedModel loaded = PretrainedModel.load(base, trainable)) {
            if (loaded.adapter() != null) {
                throw new ConfigException(
                        "--fisher: %s is an adapter, and the Fisher information is of all weights; merge it first (razor merge)"
                                .formatted(base));
            }
            var plan = new SamplingPlan(
                    texts(prompts, loaded),
                    samples,
                    maxNewTokens,
                    loaded.tokenizer().stopTokenIds(),
                    options.seed(),
                    options.batchSize());
            return FisherMeter.measure(loaded, model, BaseSamples.draw(loaded, plan, progress), progress);
        }
    }

    private List<int[]> texts(Path file, PretrainedModel loaded) {
        return TextIds.read(file, loaded, Math.min(maxLength, loaded.model().contextLength() - 1));
    }

    private ObjectNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("base", base.toString()).put("base_hash", Sha256.ofModel(base));
        settings.put("model", model.toString()).put("model_hash", Sha256.ofModel(model));
        settings.put("rank", rank).put("angles", angles);
        put(settings, "fisher", fisher);
        put(settings, "activations", activations);
        put(settings, "representations", representations);
        settings.put("samples", samples)
                .put("max_new_tokens", maxNewTokens)
                .put("neighbours", neighbours)
                .put("pooling", pooling.name().toLowerCase(Locale.ROOT))
                .put("max_length", maxLength)
                .put("seed", options.seed())
                .put("dtype", options.dtype())
                .put("device", options.device())
                .put("batch_size", options.batchSize());
        return settings;
    }

    private static void put(ObjectNode settings, String name, @Nullable Path file) {
        if (file != null) {
            settings.put(name, file.toString());
        }
    }
}
