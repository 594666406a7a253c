package dev.razor.cli.verify;

import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.util.List;

/// Computes every number of a golden directory and compares it with the file.
public final class Verification {

    /// A family of golden numbers.
    private record Family(String name, Checks checks) {}

    @FunctionalInterface
    private interface Checks {
        void run(Subject subject, Judge judge);
    }

    private static final List<Family> FAMILIES = List.of(
            new Family("tokenization", TokenizationChecks::check),
            new Family("chat_template", ChatTemplateChecks::check),
            new Family("logits", LogitsChecks::check),
            new Family("logprobs", LogProbsChecks::check),
            new Family("greedy", GreedyChecks::check),
            new Family("sft", SftChecks::check),
            new Family("adamw", AdamWChecks::check),
            new Family("grpo", GrpoChecks::check),
            new Family("divergence", DivergenceChecks::check),
            new Family("encode_pair", EncodePairChecks::check),
            new Family("multiple_choice", MultipleChoiceChecks::check));

    private Verification() {}

    /// Runs all checks.
    ///
    /// @param directory in the form of `golden/README.md`
    /// @param bfloat16 whether to compute in bfloat16 and judge by its own bounds, instead of float32
    /// @return one result a check; a family whose file is missing or damaged is one failed check
    /// @throws dev.razor.core.base.UserException if there is no such directory, or no model in it that can be
    /// loaded
    public static List<CheckResult> run(Path directory, String device, boolean bfloat16, Progress progress) {
        try (Subject subject = Subject.load(directory, device, bfloat16 ? "bfloat16" : "float32")) {
            var judge = new Judge(subject.directory().tolerances(), bfloat16);
            for (int i = 0; i < FAMILIES.size(); i++) {
                Family family = FAMILIES.get(i);
                judge.attempt(family.name(), () -> family.checks().run(subject, judge));
                progress.update("verify", i + 1, FAMILIES.size(), family.name());
            }
            return judge.results();
        }
    }
}
