package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Provenance;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.results.EvaluationConfig;
import dev.razor.eval.results.LmEvalResults;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

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
            String format, Path output, EvaluationConfig config, List<BenchmarkResult> results, Instant start) {
        if (format.equals(LM_EVAL)) {
            String commit =
                    Provenance.capture(Engine.version(), List.of(), start).gitCommit();
            LmEvalResults.write(output, config, results, commit, start, Instant.now());
        }
    }
}
