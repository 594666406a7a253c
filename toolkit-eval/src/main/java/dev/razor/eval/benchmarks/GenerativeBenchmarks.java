package dev.razor.eval.benchmarks;

import dev.razor.eval.generative.GenerativeBenchmark;
import java.util.List;
import java.util.Optional;

/// The benchmarks that ship with Razor whose answers a model writes.
public final class GenerativeBenchmarks {

    private GenerativeBenchmarks() {}

    /// All of them, fresh: some hold what marking needs until they are closed.
    public static List<GenerativeBenchmark> all() {
        return List.of(
                new IfEval(),
                Gsm8k.GSM8K,
                Gsm8k.COT,
                Gsm8k.COT_ZEROSHOT,
                new Math500(),
                new MinervaMath500(),
                new HumanEvalGeneration(HumanEval.COMPLETION),
                new HumanEvalGeneration(HumanEval.INSTRUCT),
                new HumanEvalGeneration(HumanEval.COMPLETION_64),
                new HumanEvalGeneration(HumanEval.INSTRUCT_64),
                new TaskRecords("science", "science", 2048),
                new TaskRecords("tooluse", "tool_use", 1024),
                new TaskRecords("math", "math", 2048));
    }

    /// The benchmark called `name`, if it is one of these.
    public static Optional<GenerativeBenchmark> named(String name) {
        return all().stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
    }
}
