package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Provenance;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.code.CodeResult;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.results.CodeResultsJson;
import dev.razor.eval.results.EvaluationConfig;
import dev.razor.eval.results.LmEvalBenchmark;
import dev.razor.eval.results.LmEvalResults;
import dev.razor.eval.results.LmEvalRun;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `razor eval --results-format lm-eval` writes beside Razor's own files.
final class LmEvalFiles {

    private static final String LM_EVAL = "lm-eval";

    private LmEvalFiles() {}

    static void requireKnown(String format) {
        if (!List.of("razor", LM_EVAL).contains(format)) {
            throw new ConfigException("--results-format: must be razor or lm-eval, got %s".formatted(format));
        }
    }

    static void write(
            String format,
            Path output,
            EvaluationConfig config,
            List<BenchmarkResult> chosen,
            List<GenerativeResult> written,
            Instant start) {
        if (format.equals(LM_EVAL)) {
            List<LmEvalBenchmark> all = Stream.concat(
                            chosen.stream().map(LmEvalBenchmark::of),
                            written.stream().map(LmEvalBenchmark::of))
                    .toList();
            LmEvalResults.write(output, LmEvalRun.of(config, commit(start), start, Instant.now()), all);
        }
    }

    static void write(String format, Path output, CodeResultsJson.Config config, CodeResult result, Instant start) {
        if (format.equals(LM_EVAL)) {
            LmEvalResults.write(
                    output,
                    LmEvalRun.of(config, commit(start), start, Instant.now()),
                    List.of(LmEvalBenchmark.of(result, config.k())));
        }
    }

    private static @Nullable String commit(Instant start) {
        return Provenance.capture(Engine.version(), List.of(), start).gitCommit();
    }
}
