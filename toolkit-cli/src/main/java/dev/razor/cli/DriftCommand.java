package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Mixin
    private final ModelPairOptions models = new ModelPairOptions();

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
            description =
                    "Fisher-weighted change of the weights, on completions of BASE to prompts of the previous task.")
    private @Nullable Path fisher;

    @Mixin
    private final BaseSamplingOptions sampling = new BaseSamplingOptions();

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

    /// The tokens of each file of texts; null where its meter is not asked for.
    private record Texts(
            @Nullable List<int[]> fisher,
            @Nullable List<int[]> activations,
            @Nullable List<int[]> representations) {}

    @Override
    public Integer call() {
        check();
        var table = new DriftTable();
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            OutputDirectory.requireNew(output);
            Texts texts = texts();
            OutputDirectory.publish(output, directory -> {
                DriftFiles.Measured measured = measure(texts, progress);
                DriftFiles.write(directory, measured, settings());
                table.add(measured);
            });
        }
        table.print(spec.commandLine().getOut());
        spec.commandLine().getOut().println("wrote %s".formatted(output));
        return ExitCode.OK;
    }

    private void check() {
        CommandLine command = spec.commandLine();
        boolean onTexts = fisher != null || activations != null || representations != null;
        if (!weights && !onTexts) {
            throw new ParameterException(
                    command,
                    "Missing a meter: give at least one of --weights, --fisher, --activations, --representations");
        }
        UnusedOptions.refuse(command, weights, "without --weights", "--rank", "--angles");
        UnusedOptions.refuse(
                command, representations != null, "without --representations", "--neighbours", "--pooling");
        UnusedOptions.refuse(command, onTexts, "without --fisher, --activations or --representations", "--max-length");
        sampling.check(command, fisher != null, "without --fisher");
        Limits.notNegative("--angles", angles);
        Limits.positive("--neighbours", neighbours);
        Limits.positive("--max-length", maxLength);
        models.options().batchSize();
    }

    /// Reads all texts, so that a fault in one file costs no other's meter.
    private Texts texts() {
        if (activations == null && representations == null) {
            if (fisher == null) {
                return new Texts(null, null, null);
            }
            try (PretrainedModel base = models.options().load(models.base())) {
                return texts(base);
            }
        }
        try (ModelPair pair = models.load()) {
            return texts(pair.base());
        }
    }

    private Texts texts(PretrainedModel base) {
        if (fisher != null && base.adapter() != null) {
            throw new ConfigException(
                    "--fisher: %s is an adapter, and the Fisher information is of all weights; merge it first (razor merge)"
                            .formatted(models.base()));
        }
        var texts = new Texts(read(fisher, base), read(activations, base), read(representations, base));
        if (texts.representations() != null && texts.representations().size() <= neighbours) {
            throw new DataException(
                    "--neighbours: %d neighbours of a text need at least %d texts, got %d in %s; give more texts, or a smaller --neighbours"
                            .formatted(
                                    neighbours,
                                    neighbours + 1,
                                    texts.representations().size(),
                                    representations));
        }
        return texts;
    }

    private @Nullable List<int[]> read(@Nullable Path file, PretrainedModel base) {
        return file == null
                ? null
                : TextIds.read(file, base, Math.min(maxLength, base.model().contextLength() - 1));
    }

    private DriftFiles.Measured measure(Texts texts, Progress progress) {
        ModelOptions options = models.options();
        WeightChange changed = weights
                ? new WeightMeter(rank, angles, options.device()).measure(models.base(), models.model(), progress)
                : null;
        FisherChange weighted = texts.fisher() == null ? null : fisher(texts.fisher(), progress);
        ActivationChange moved = null;
        RepresentationChange alike = null;
        if (texts.activations() != null || texts.representations() != null) {
            try (ModelPair pair = models.load()) {
                moved = texts.activations() == null
                        ? null
                        : ActivationMeter.measure(
                                pair.base(),
                                pair.model(),
                                texts.activations(),
                                options.batchSize(),
                                options.seed(),
                                progress);
                alike = texts.representations() == null
                        ? null
                        : new RepresentationMeter(neighbours, pooling, options.batchSize())
                                .measure(pair.base(), pair.model(), texts.representations(), progress);
            }
        }
        return new DriftFiles.Measured(changed, weighted, moved, alike);
    }

    private FisherChange fisher(List<int[]> prompts, Progress progress) {
        ModelOptions options = models.options();
        LoadOptions trainable = new LoadOptions(options.device(), options.dtype(), true);
        try (PretrainedModel base = PretrainedModel.load(models.base(), trainable)) {
            SamplingPlan plan = sampling.plan(prompts, base, options);
            return FisherMeter.measure(base, models.model(), BaseSamples.draw(base, plan, progress), progress);
        }
    }

    private ObjectNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("base", models.base().toString()).put("base_hash", Sha256.ofModel(models.base()));
        settings.put("model", models.model().toString()).put("model_hash", Sha256.ofModel(models.model()));
        settings.put("rank", rank).put("angles", angles);
        put(settings, "fisher", fisher);
        put(settings, "activations", activations);
        put(settings, "representations", representations);
        settings.put("samples", sampling.samples())
                .put("max_new_tokens", sampling.maxNewTokens())
                .put("neighbours", neighbours)
                .put("pooling", pooling.name().toLowerCase(Locale.ROOT))
                .put("max_length", maxLength)
                .put("seed", models.options().seed())
                .put("dtype", models.options().dtype())
                .put("device", models.options().device())
                .put("batch_size", models.options().batchSize());
        return settings;
    }

    private static void put(ObjectNode settings, String name, @Nullable Path file) {
        if (file != null) {
            settings.put(name, file.toString());
        }
    }
}
