package dev.razor.eval.generative;

import java.nio.file.Path;
import java.util.List;

/// A set of questions that a model answers in its own words.
///
/// To add one: implement this in `dev.razor.eval.benchmarks` and name it in `GenerativeBenchmarks`.
public interface GenerativeBenchmark {

    /// The name on the command line and in result files, such as `gsm8k`.
    String name();

    /// The version of the definition, as in lm-evaluation-harness where the benchmark is one of its tasks.
    double version();

    /// Where an answer ends.
    GenerationLimits limits();

    /// How answers are written.
    default Decoding decoding() {
        return Decoding.GREEDY;
    }

    /// What is reported, in this order.
    List<GenerativeMetric> metrics();

    /// How many solved examples stand before each question where the user does not say.
    default int defaultNumFewshot() {
        return 0;
    }

    /// Whether the questions go through the model's chat template even where the user does not ask for it.
    default boolean needsChatTemplate() {
        return false;
    }

    /// Reads the questions.
    ///
    /// @param data a folder that holds the benchmark's files, or one file
    /// @throws dev.razor.core.base.DataException if a file is missing or a record cannot be used
    /// @throws dev.razor.core.base.ConfigException if the benchmark cannot be asked with that many examples
    List<GenerativeDocument> load(Path data, int numFewshot);

    /// Frees what marking needed.
    default void close() {}
}
