package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.study.figures.ReportScatter;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/// What each training step of a run does to the old task, and how far it moves the model on either task's test images:
///
/// ```
/// cosine = g . (theta' - theta) / |g| |theta' - theta|     g: gradient at theta of the old test set's cross-entropy
/// change = KL(base || theta') - KL(base || theta)          on the new, on the old test images
/// ```
///
/// A positive cosine is a step that raises the old task's loss. A step that moves nothing, the first of a warm-up, is
/// left out.
///
/// @param steps which they are, from 1 on
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, figure 10</a>
record StepDynamics(List<Integer> steps, List<Double> cosines, List<Double> newChanges, List<Double> oldChanges) {

    private static final JsonMapper JSON = JsonMapper.shared();

    StepDynamics {
        steps = List.copyOf(steps);
        cosines = List.copyOf(cosines);
        newChanges = List.copyOf(newChanges);
        oldChanges = List.copyOf(oldChanges);
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
            return new StepDynamics(recorder.steps, recorder.cosines, recorder.newChanges, recorder.oldChanges);
        }
    }

    /// What is remembered from one step to the next.
    private static final class Recorder {
        private final List<Integer> steps = new ArrayList<>();
        private final List<Double> cosines = new ArrayList<>();
        private final List<Double> newChanges = new ArrayList<>();
        private final List<Double> oldChanges = new ArrayList<>();
        private final SeedBase base;
        private final Parameters parameters;
        private final Parameters before;
        private final Parameters gradient;
        private double newKl;
        private double oldKl;

        Recorder(NDManager manager, SeedBase base, Parameters parameters) {
            this.base = base;
            this.parameters = parameters;
            this.before = parameters.copy(manager);
            this.gradient = Parameters.zeros(manager, parameters.sizes());
            oldGradient();
        }

        void after(int step) {
            double newNow = base.newTask().forwardKl(parameters);
            double oldNow = base.oldTask().forwardKl(parameters);
            try (NDScope _ = new NDScope()) {
                NDArray moved = parameters.flat().sub(before.flat());
                double length = norm(moved) * norm(gradient.flat());
                if (length > 0) {
                    steps.add(step);
                    cosines.add(moved.mul(gradient.flat()).sum().getFloat() / length);
                    newChanges.add(newNow - newKl);
                    oldChanges.add(oldNow - oldKl);
                }
            }
            newKl = newNow;
            oldKl = oldNow;
            before.set(parameters);
            oldGradient();
        }

        private void oldGradient() {
            Images images = base.data().oldTest();
            try (NDScope _ = new NDScope()) {
                Mlp.Activations activations = Mlp.forward(parameters, images.inputs());
                double[] logProbs = LogProbs.of(activations.logits());
                float[] byLogits = new float[logProbs.length];
                for (int i = 0; i < byLogits.length; i++) {
                    int label = images.labels()[i / Images.CLASSES];
                    double target = i % Images.CLASSES == label ? 1 : 0;
                    byLogits[i] = (float) ((Math.exp(logProbs[i]) - target) / images.size());
                }
                NDArray tensor = images.inputs()
                        .getManager()
                        .create(byLogits, activations.logits().getShape());
                Mlp.gradient(parameters, activations, tensor, gradient);
            }
        }

        private static double norm(NDArray x) {
            return Math.sqrt(x.square().sum().getFloat());
        }
    }

    /// Writes them as JSON, one list a name.
    void write(Path file) {
        AtomicFile.write(file, JSON.writeValueAsString(this) + "\n");
    }

    /// Reads what [#write] wrote.
    static StepDynamics read(Path file) {
        return JSON.readValue(file.toFile(), StepDynamics.class);
    }

    /// The paper's figure 10: its two panels, a series a method.
    static List<ReportScatter> figure(Map<String, StepDynamics> byMethod) {
        if (byMethod.isEmpty()) {
            return List.of();
        }
        return List.of(
                panel("new", "the new task's (ParityMNIST)", byMethod, StepDynamics::newChanges),
                panel("old", "the old task's (Fashion-MNIST)", byMethod, StepDynamics::oldChanges));
    }

    private static ReportScatter panel(
            String name, String whose, Map<String, StepDynamics> byMethod, Function<StepDynamics, List<Double>> changes) {
        return new ReportScatter(
                "step_dynamics_" + name,
                "Steps that harm the old task, and the change of KL on " + whose + " test images",
                "One dot a training step: the cosine between the gradient of the loss on the Fashion-MNIST test images and "
                        + "the step that was made (above zero the step raises that loss), against how much the step changed "
                        + "KL(base || model) on %s test images. The paper's figure 10.".formatted(whose),
                "change of KL in one step, nats",
                "cosine of gradient and step",
                false,
                byMethod.entrySet().stream()
                        .map(entry -> new ReportScatter.Series(
                                entry.getKey(),
                                changes.apply(entry.getValue()),
                                entry.getValue().cosines()))
                        .toList(),
                true);
    }
}
