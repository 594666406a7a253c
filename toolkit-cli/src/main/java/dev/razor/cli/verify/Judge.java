package dev.razor.cli.verify;

import dev.razor.core.base.UserException;
import dev.razor.core.tensor.TensorException;
import java.util.ArrayList;
import java.util.List;

/// Holds computed numbers against golden ones, each kind by its own law: in float32 by the directory's
/// tolerances, in bfloat16 by [Bfloat16Bounds]. Gathers one result a check.
final class Judge {

    private final Tolerances tolerances;
    private final boolean bfloat16;
    private final List<CheckResult> results = new ArrayList<>();

    Judge(Tolerances tolerances, boolean bfloat16) {
        this.tolerances = tolerances;
        this.bfloat16 = bfloat16;
    }

    boolean bfloat16() {
        return bfloat16;
    }

    Tolerances tolerances() {
        return tolerances;
    }

    List<CheckResult> results() {
        return List.copyOf(results);
    }

    /// Runs checks; where the directory does not allow them, that is one failed check called `name`.
    void attempt(String name, Runnable checks) {
        try {
            checks.run();
        } catch (UserException e) {
            results.add(CheckResult.failed(name, String.join("; ", e.problems())));
        } catch (IllegalArgumentException | TensorException e) {
            // All numbers come from the directory, so a refused argument is the directory's fault.
            results.add(CheckResult.failed(name, "%s: %s".formatted(name, e.getMessage())));
        }
    }

    /// What must be equal whatever the model computes in.
    void exact(String name, Differences found) {
        results.add(found.compared() == 0 ? nothing(name) : CheckResult.judged(name, found.count(), 0, found.first()));
    }

    /// What must be equal in float32, and can be another choice in bfloat16.
    void decision(String name, Differences found) {
        if (bfloat16 && found.compared() > 0) {
            results.add(CheckResult.reported(name, found.count(), found.first()));
        } else {
            exact(name, found);
        }
    }

    /// What Razor has nothing to hold against.
    void unjudged(String name, String reason) {
        results.add(CheckResult.unjudged(name, reason));
    }

    /// Numbers that no model computes.
    void plain(String name, Largest found, String tolerance) {
        results.add(judged(name, found, tolerances.of(tolerance)));
    }

    /// Numbers that bfloat16 has no bound for.
    void float32(String name, Largest found, double tolerance) {
        results.add(
                bfloat16 ? CheckResult.reported(name, found.value(), found.where()) : judged(name, found, tolerance));
    }

    void float32(String name, Largest found, String tolerance) {
        float32(name, found, tolerances.of(tolerance));
    }

    /// Nats, of single tokens or sums over tokens; the tolerance is absolute.
    void nats(String name, Deviation found, String tolerance) {
        nats(name, found, tolerance, 1);
    }

    /// Nats at a temperature that the logits, with their errors, were divided by.
    void nats(String name, Deviation found, String tolerance, double temperature) {
        if (bfloat16) {
            results.add(judged(name, found.perToken(), Bfloat16Bounds.LOG_PROB / temperature));
            if (found.tokens() >= Bfloat16Bounds.MEAN_TOKENS) {
                double bound = Bfloat16Bounds.LOG_PROB_MEAN / temperature;
                results.add(CheckResult.judged(name + ".mean", found.mean(), bound, ""));
            }
        } else {
            results.add(judged(name, found.absolute(), tolerances.of(tolerance)));
        }
    }

    /// Losses; the bound is about `bfloat16`, the tolerance about `float32`.
    void loss(String name, Largest bfloat16, Largest float32, String tolerance) {
        results.add(
                this.bfloat16
                        ? judged(name, bfloat16, Bfloat16Bounds.LOSS)
                        : judged(name, float32, tolerances.of(tolerance)));
    }

    /// Gradient norms; the tolerance is relative.
    void norm(String name, Largest relative, String tolerance) {
        results.add(judged(name, relative, bfloat16 ? Bfloat16Bounds.GRADIENT_NORM : tolerances.of(tolerance)));
    }

    /// Gradients of all parameters; the tolerance is relative to the largest entry of each.
    void gradients(String name, TensorDeviation found, String tolerance) {
        results.add(
                bfloat16
                        ? judged(name + ".direction", found.oneMinusCosine(), Bfloat16Bounds.ONE_MINUS_COSINE)
                        : judged(name, found.relativeToLargest(), tolerances.of(tolerance)));
    }

    private static CheckResult judged(String name, Largest found, double tolerance) {
        return found.where().isEmpty()
                ? nothing(name)
                : CheckResult.judged(name, found.value(), tolerance, found.where());
    }

    /// A check that compared nothing must not look like one that passed.
    private static CheckResult nothing(String name) {
        return CheckResult.failed(name, name + ": the directory holds nothing to compare; restore its files");
    }
}
