package dev.razor.study.run;

import dev.razor.core.plan.ModelFlops;
import dev.razor.core.plan.PlannedModel;
import dev.razor.core.train.TrainingArguments;
import dev.razor.study.run.StudyConfig.Measured;

/// The time of a run by arithmetic: the operations of training, of completions and of measuring, over the rate
/// of a large matrix product measured on this machine.
///
/// ```
/// seconds = (training + forward passes) / (0.5 rate) + (tokens written one by one) / (0.05 rate)
/// ```
///
/// Half of the rate is what training of models of some size reaches with padding and bookkeeping; writing a
/// token at a time waits for memory and reaches a small part. Both are rough, and tiny models stay below them;
/// that is why seconds that were measured take the place of these as soon as there are any.
///
/// @param rate operations a second of a large matrix product
/// @param model the base
/// @param study what is measured
/// @param measuring tokens of the benchmarks' questions, and prompts of the task, a checkpoint
record RunTime(double rate, PlannedModel model, StudyConfig study, MeasuringSize measuring) {

    private static final double TRAINING = 0.5;
    private static final double WRITING = 0.05;

    /// What measuring a model reads and writes.
    ///
    /// @param questionTokens of the benchmarks, each choice counted
    /// @param testPrompts answered
    /// @param klSequences compared
    record MeasuringSize(double questionTokens, double testPrompts, double klSequences) {}

    /// Of training and measuring a run.
    double seconds(RunSize size, TrainingArguments arguments) {
        double length = size.length();
        double passes = arguments.gradientCheckpointing() ? 4.0 / 3 : 1;
        double training = passes * size.tokens() * perToken(length);
        double writing = size.completions() * size.completionLength() * perToken(size.completionLength()) / 3;
        long checkpoints = study.measure() == Measured.FINAL
                ? 1
                : Math.max(
                        1,
                        size.checkpoints(arguments)
                                + (arguments.saveSteps() > 0 && size.steps() % arguments.saveSteps() == 0 ? 0 : 1));
        return training / (TRAINING * rate) + writing / (WRITING * rate) + checkpoints * measureSeconds();
    }

    /// Of measuring one model: benchmarks; answers to the test prompts; samples of its own and both models'
    /// look at its and the base's.
    double measureSeconds() {
        int most = study.task().maxCompletionLength();
        double forward = perToken(most) / 3;
        double reading = measuring.questionTokens() + 4 * measuring.klSequences() * most;
        double writing = (measuring.testPrompts() + measuring.klSequences()) * most;
        return forward * (reading / (TRAINING * rate) + writing / (WRITING * rate));
    }

    private double perToken(double length) {
        return ModelFlops.perToken(model.shape(), (int) Math.ceil(Math.max(1, length)));
    }
}
