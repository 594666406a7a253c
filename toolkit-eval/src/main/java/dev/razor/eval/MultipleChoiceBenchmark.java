package dev.razor.eval;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import java.nio.file.Path;
import java.util.List;

/// A set of questions with given answers, marked by which answer the model finds most likely.
///
/// To add one: implement this in `dev.razor.eval.benchmarks` and name it in `Benchmarks`.
public interface MultipleChoiceBenchmark {

    /// The name on the command line and in result files, such as `hellaswag`.
    String name();

    /// The version of the definition, as in lm-evaluation-harness where the benchmark is one of its tasks. It is
    /// raised when prompt or marking changes.
    double version();

    /// What is reported, in this order.
    List<Metric> metrics();

    /// Reads the questions.
    ///
    /// @param data a folder that holds the benchmark's files, or one file
    /// @param numFewshot how many solved examples stand before each question
    /// @throws DataException if a file is missing or a record cannot be used
    /// @throws ConfigException if the benchmark cannot be asked with that many examples
    BenchmarkData load(Path data, int numFewshot);
}
