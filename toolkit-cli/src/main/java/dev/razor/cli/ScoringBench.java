package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.eval.Evaluator;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.scoring.ScoringSpeed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `razor bench --scoring`: what shared prefixes save when multiple-choice questions are scored.
final class ScoringBench {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final int BATCH_SIZE = 16;
    private static final int TURNS = 3;
    private static final int MMLU_EXAMPLES = 5;

    private ScoringBench() {}

    static ObjectNode run(
            Path model,
            @Nullable Path data,
            List<String> tasks,
            @Nullable Integer limit,
            PrintWriter out,
            PrintWriter err) {
        if (data == null) {
            throw new ConfigException("--data: --scoring needs the benchmarks' files, got none; give their folder");
        }
        OptionalInt documents = limit == null ? OptionalInt.empty() : OptionalInt.of(Limits.positive("--limit", limit));
        ObjectNode json = JSON.createObjectNode();
        try (PretrainedModel loaded = PretrainedModel.load(model, LoadOptions.frozen("auto", "auto"));
                TerminalProgress progress = new TerminalProgress(err)) {
            out.printf(Locale.ROOT, "%,d parameters, %s%n", loaded.parameterCount(), ModelOptions.dtypeOf(loaded));
            json.put("parameters", loaded.parameterCount());
            for (String task : tasks) {
                int numFewshot = task.startsWith("mmlu") ? MMLU_EXAMPLES : 0;
                ScoringSpeed speed = ScoringSpeed.measure(
                        loaded,
                        Benchmarks.named(task, data),
                        data,
                        new Evaluator.Options(documents, numFewshot, new PromptStyle.Plain()),
                        BATCH_SIZE,
                        TURNS,
                        progress);
                out.println(line(speed));
                out.flush();
                json.set(task, JSON.valueToTree(speed));
            }
        }
        return json;
    }

    private static String line(ScoringSpeed speed) {
        return String.format(
                Locale.ROOT,
                "%s, %d-shot, %,d requests: apart %.1f s (%,d tokens), shared %.1f s (%,d tokens), %.2f times as fast"
                        + " (%.2f to %.2f); log-likelihoods differ by at most %.1e, greedy flags in %d",
                speed.benchmark(),
                speed.numFewshot(),
                speed.requests(),
                speed.apart().median(),
                speed.tokens(),
                speed.shared().median(),
                speed.computed(),
                speed.speedup().median(),
                speed.speedup().lowerQuartile(),
                speed.speedup().upperQuartile(),
                speed.largestDifference(),
                speed.otherGreedy());
    }
}
