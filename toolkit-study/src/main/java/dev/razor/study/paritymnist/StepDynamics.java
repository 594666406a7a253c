package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.Check;
import dev.razor.study.figures.ReportScatter;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What each training step of a run does to either task, and how far it moves the model on the new task's test
/// images:
///
/// ```
/// cosine = g . (theta' - theta) / |g| |theta' - theta|   g: gradient at theta of a task's loss on its test images
/// change = KL(base || theta') - KL(base || theta)        on the new task's test images
/// ```
///
/// The old task's loss is cross-entropy, the new one's `-log` of the probability of all labels of the right
/// parity. A positive cosine is a step that raises the loss. A step that moves nothing, the first of a warm-up,
/// is left out.
///
/// The paper shows two panels, "prior task" and "new task", without formulas; that each means its own task's
/// gradient is our reading.
///
/// @param steps which they are, from 1 on
/// @param newCosines with the gradient of the new task's loss
/// @param oldCosines with the gradient of the old task's loss
/// @param changes of the KL
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figure 10</a>
record StepDynamics(List<Integer> steps, List<Double> newCosines, List<Double> oldCosines, List<Double> changes) {

    private static final JsonMapper JSON = JsonMapper.shared();

    StepDynamics {
        steps = List.copyOf(steps);
        newCosines = List.copyOf(newCosines);
        oldCosines = List.copyOf(oldCosines);
        changes = List.copyOf(changes);
        Check.that(
                newCosines.size() == steps.size()
                        && oldCosines.size() == steps.size()
                        && changes.size() == steps.size(),
                "each of %d steps has two cosines and a change",
                steps.size());
    }

    /// Watches the first `count` steps of a run that starts at `parameters`, which are trained in place.
    static StepDynamics of(
            NDManager manager,
            SeedBase base,
            Training training,
            int count,
            Parameters parameters,
            Objective objective,
            LogitLoss loss) {
        try (NDManager own = manager.newSubManager()) {
            Recorder recorder = new Recorder(own, base, parameters);
            training.run(
                    Math.min(count, training.steps()),
                    parameters,
                    base.data().newTrain().inputs(),
                    objective,
                    loss,
                    (step, _) -> recorder.after(step));
            return new StepDynamics(recorder.steps, recorder.newCosines, recorder.oldCosines, recorder.changes);
        }
    }

    /// What is remembered from one step to the next.
    private static final class Recorder {
        private final List<Integer> steps = new ArrayList<>();
        private final List<Double> newCosines = new ArrayList<>();
        private final List<Double> oldCosines = new ArrayList<>();
        private final List<Double> changes = new ArrayList<>();
        private final SeedBase base;
        private final Parameters parameters;
        private final Parameters before;
        private final Parameters newGradient;
        private final Parameters oldGradient;
        private double kl;

        Recorder(NDManager manager, SeedBase base, Parameters parameters) {
            this.base = base;
            this.parameters = parameters;
            this.before = parameters.copy(manager);
            this.newGradient = Parameters.zeros(manager, parameters.sizes());
            this.oldGradient = Parameters.zeros(manager, parameters.sizes());
            look();
        }

        void after(int step) {
            double klBefore = kl;
            try (NDScope _ = new NDScope()) {
                NDArray moved = parameters.flat().sub(before.flat());
                double newCosine = cosine(moved, newGradient.flat());
                double oldCosine = cosine(moved, oldGradient.flat());
                look();
                if (Double.isFinite(newCosine) && Double.isFinite(oldCosine)) {
                    steps.add(step);
                    newCosines.add(newCosine);
                    oldCosines.add(oldCosine);
                    changes.add(kl - klBefore);
                }
            }
        }

        /// Takes the gradients and the KL at the parameters of now.
        private void look() {
            kl = base.newTask().forwardKl(parameters);
            before.set(parameters);
            base.newTask().gradient(parameters, newGradient);
            base.oldTask().gradient(parameters, oldGradient);
        }
    }

    static double cosine(NDArray x, NDArray y) {
        try (NDScope _ = new NDScope()) {
            double lengths = Math.sqrt(x.square().sum().getFloat())
                    * Math.sqrt(y.square().sum().getFloat());
            return lengths == 0 ? Double.NaN : x.mul(y).sum().getFloat() / lengths;
        }
    }

    /// Writes them as JSON, one list a name.
    void write(Path file) {
        AtomicFile.write(file, JSON.writeValueAsString(this) + "\n");
    }

    /// Reads what [#write] wrote; empty where the file lacks or is not whole.
    static Optional<StepDynamics> read(Path file) {
        try {
            return Optional.ofNullable(JSON.readValue(file.toFile(), StepDynamics.class));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// The paper's figure 10: its two panels, a series a method.
    static List<ReportScatter> figure(Map<String, StepDynamics> byMethod) {
        if (byMethod.isEmpty()) {
            return List.of();
        }
        return List.of(
                panel("old", "the old task (Fashion-MNIST)", byMethod, StepDynamics::oldCosines),
                panel("new", "the new task (ParityMNIST)", byMethod, StepDynamics::newCosines));
    }

    private static ReportScatter panel(
            String name,
            String task,
            Map<String, StepDynamics> byMethod,
            Function<StepDynamics, List<Double>> cosines) {
        return new ReportScatter(
                "step_dynamics_" + name,
                "Steps against the gradient of " + task,
                "One dot a training step: the cosine between the step and the gradient of the loss of %s on its "
                                .formatted(task)
                        + "test images (above zero the step raises that loss), over how much the step changed "
                        + "KL(base || model) on the new task's test images. After the paper's figure 10.",
                "change of KL in one step, nats",
                "cosine of step and gradient",
                false,
                byMethod.entrySet().stream()
                        .map(entry -> new ReportScatter.Series(
                                entry.getKey(), entry.getValue().changes(), cosines.apply(entry.getValue())))
                        .toList(),
                true);
    }
}
