package dev.razor.cli;

import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.run.Sha256;
import dev.razor.core.stats.Interval;
import dev.razor.core.tensor.Tensors;
import dev.razor.eval.kl.KlEvaluator;
import dev.razor.eval.kl.KlFiles;
import dev.razor.eval.kl.KlMap;
import dev.razor.eval.kl.KlMapPage;
import dev.razor.eval.kl.KlResult;
import dev.razor.eval.kl.KlSettings;
import dev.razor.eval.kl.Quantity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "kl",
        description = "How far MODEL lies from BASE: forward and reverse KL, total variation, L2, Jensen-Shannon.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "With --input, completions are sampled from BASE at temperature 1 from its whole distribution"
                    + " (generation_config.json is not used) and end at BASE's end tokens. forward_kl is KL(BASE ||"
                    + " MODEL), summed over the vocabulary at every prefix; forward_kl_sampled is the plain estimate"
                    + " from the same samples (k1), forward_kl_k3 the k3 estimate; reverse_kl is KL(MODEL || BASE) on samples from MODEL; the others are"
                    + " taken at prefixes from BASE.",
            "With --sequences, everything is taken at the given prefixes: lines with \"id\", one of \"prompt_ids\","
                    + " \"prompt\", \"messages\", and one of \"completion_ids\", \"completion\".",
            "Text is read by BASE's tokenizer and chat template. Intervals (95 %%) resample prompts; one prompt alone"
                    + " has none.",
            "With --map, the output is a page of its own: pointing at a token shows what both models expected there.",
            "Output otherwise: one JSON object, and one line a sequence in the file beside it whose name ends in"
                    + " .sequences.jsonl.",
            "",
            "Example:",
            "  razor kl models/base models/tuned --input prompts.jsonl --samples 4 --output kl.json",
            "  razor kl models/base models/tuned --map answers.jsonl --output map.html",
            ""
        })
final class KlCommand implements Callable<Integer> {

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
    @ArgGroup(multiplicity = "1")
    private Source source;

    @SuppressWarnings("NullAway.Init")
    @Option(names = "--output", required = true, paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path output;

    @Mixin
    private final ModelOptions options = new ModelOptions();

    /// Where the prefixes come from: one of the two.
    private static final class Source {

        @ArgGroup(exclusive = false)
        private @Nullable Sampling sampling;

        @Option(
                names = "--sequences",
                paramLabel = "FILE",
                description = "Prompts with their completions, JSONL or Parquet.")
        private @Nullable Path sequences;

        @Option(
                names = "--map",
                paramLabel = "FILE",
                description = "Texts to draw as an HTML page, each token coloured by its KL: a .txt file, or records"
                        + " with \"text\", or with a prompt and a completion.")
        private @Nullable Path map;
    }

    private static final class Sampling {

        @SuppressWarnings("NullAway.Init")
        @Option(
                names = "--input",
                required = true,
                paramLabel = "FILE",
                description = "Prompts to sample from, JSONL or Parquet.")
        private Path prompts;

        @Option(
                names = "--samples",
                defaultValue = "1",
                paramLabel = "N",
                description = "Completions a prompt (default: ${DEFAULT-VALUE}).")
        private int samples = 1;

        @Option(
                names = "--max-new-tokens",
                defaultValue = "256",
                paramLabel = "N",
                description = "Tokens a completion may have (default: ${DEFAULT-VALUE}).")
        private int maxNewTokens = 256;
    }

    @Override
    public Integer call() {
        KlResult result;
        int batchSize = options.batchSize();
        try (ModelPair pair = ModelPair.load(base, model, options);
                TerminalProgress progress =
                        new TerminalProgress(spec.commandLine().getErr())) {
            if (source.map != null) {
                KlMapPage.write(
                        output,
                        KlMap.of(source.map, pair.base(), pair.model(), progress),
                        base.toString(),
                        model.toString());
                spec.commandLine().getOut().println("wrote %s".formatted(output));
                return ExitCode.OK;
            }
            var evaluator = new KlEvaluator(pair.base(), pair.model(), batchSize);
            result = source.sampling == null
                    ? given(pair, evaluator, Objects.requireNonNull(source.sequences), progress)
                    : sampled(pair, evaluator, source.sampling, progress);
        }
        print(result, spec.commandLine().getOut());
        return ExitCode.OK;
    }

    private KlResult given(ModelPair pair, KlEvaluator evaluator, Path file, TerminalProgress progress) {
        KlFiles.Sequences read = KlFiles.readSequences(file, pair.base());
        return KlFiles.publish(
                output,
                settings(pair, file, null),
                read.ids(),
                () -> evaluator.given(read.sequences(), options.seed(), progress));
    }

    private KlResult sampled(ModelPair pair, KlEvaluator evaluator, Sampling sampling, TerminalProgress progress) {
        int samples = Limits.positive("--samples", sampling.samples);
        int maxNewTokens = Limits.positive("--max-new-tokens", sampling.maxNewTokens);
        KlFiles.Prompts read = KlFiles.readPrompts(sampling.prompts, pair.base());
        var plan = new SamplingPlan(
                read.prompts(),
                samples,
                maxNewTokens,
                pair.base().tokenizer().stopTokenIds(),
                options.seed(),
                options.batchSize());
        return KlFiles.publish(
                output,
                settings(pair, sampling.prompts, plan),
                read.ids(),
                () -> evaluator.sampled(BaseSamples.draw(pair.base(), plan, progress), progress));
    }

    private KlSettings settings(ModelPair pair, Path input, @Nullable SamplingPlan plan) {
        return new KlSettings(
                base.toString(),
                Sha256.ofModel(base),
                model.toString(),
                Sha256.ofModel(model),
                input.toString(),
                plan,
                options.seed(),
                ModelOptions.dtypeOf(pair.base()),
                Tensors.name(pair.base().manager().getDevice()),
                options.batchSize());
    }

    private void print(KlResult result, PrintWriter out) {
        out.println(row("", "per token", "95 % interval", "per sequence", "95 % interval"));
        print("forward_kl", result.forwardKl(), out);
        print("reverse_kl", result.reverseKl(), out);
        print("total_variation", result.totalVariation(), out);
        print("l2", result.l2(), out);
        print("jensen_shannon", result.jensenShannon(), out);
        out.println("wrote %s and %s".formatted(output, KlFiles.linesFile(output)));
    }

    private static void print(String name, Quantity quantity, PrintWriter out) {
        out.println(row(
                name,
                number(quantity.perToken().mean()),
                interval(quantity.perToken().ci95()),
                number(quantity.perSequence().mean()),
                interval(quantity.perSequence().ci95())));
    }

    private static String row(String name, String token, String tokenInterval, String sequence, String interval) {
        return "%-15s  %12s  %-24s  %12s  %-24s"
                .formatted(name, token, tokenInterval, sequence, interval)
                .stripTrailing();
    }

    private static String interval(Interval interval) {
        return interval.isDefined() ? "[%s, %s]".formatted(number(interval.low()), number(interval.high())) : "-";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}
