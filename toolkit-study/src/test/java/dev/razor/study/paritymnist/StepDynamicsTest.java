package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepDynamicsTest {

    @Test
    void cosine_handWorked() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            assertThat(StepDynamics.cosine(manager.create(new float[] {1, 0}), manager.create(new float[] {-3, 4})))
                    .isCloseTo(-0.6, within(1e-7));
            assertThat(StepDynamics.cosine(manager.create(new float[] {0}), manager.create(new float[] {1})))
                    .isNaN();
        }
    }

    @Test
    void changes_addUpToTheKl_andSftGoesDownItsOwnGradient(@TempDir Path folder) throws Exception {
        TinyVision.write(folder, 64, 40);
        try (NDManager manager = Tensors.newManager("cpu");
                GradMode _ = GradMode.off()) {
            VisionData data = VisionData.read(manager, folder, null, null);
            Parameters start = Parameters.initial(manager, List.of(TinyVision.PIXELS + 1, 8, 10), 1);
            SeedBase base = new SeedBase(manager, start, data, 1);
            Parameters trained = start.copy(manager);
            Training training = new Training(64, 16, 5, 1e-2, SchedulerType.CONSTANT_WITH_WARMUP, 0.1, 1);
            Objective sft =
                    new Objective.Supervised(MethodLabels.labels(data.newTrain().labels(), 1), false);

            StepDynamics dynamics = StepDynamics.of(manager, base, training, 20, trained, sft, LogitLoss.PLAIN);

            assertThat(dynamics.steps()).hasSize(19).startsWith(2); // the first has learning rate 0
            assertThat(dynamics.changes().stream().mapToDouble(x -> x).sum())
                    .isCloseTo(base.newTask().forwardKl(trained), within(1e-9));
            assertThat(dynamics.newCosines()).allMatch(cosine -> Math.abs(cosine) <= 1.000001);
            assertThat(dynamics.newCosines().stream().mapToDouble(x -> x).sum()).isNegative();

            Path file = folder.resolve("steps.json");
            dynamics.write(file);
            assertThat(StepDynamics.read(file)).contains(dynamics);
            String whole = Files.readString(file);
            for (String torn : List.of("", "null", "{}", whole.substring(0, whole.length() / 2))) {
                Files.writeString(file, torn);
                assertThat(StepDynamics.read(file)).isEmpty();
            }
            assertThat(StepDynamics.read(folder.resolve("none.json"))).isEmpty();
            assertThat(StepDynamics.figure(Map.of("sft1", dynamics))).hasSize(2);
            assertThat(StepDynamics.figure(Map.of())).isEmpty();
        }
    }
}
