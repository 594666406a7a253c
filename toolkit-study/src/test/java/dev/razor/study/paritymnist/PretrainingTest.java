package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.SharedData;
import dev.razor.study.points.Point;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("data")
final class PretrainingTest {

    @Test
    void pretraining_reachesThePapersStart_andGrpoLearnsParity() {
        try (NDManager manager = Tensors.newManager("cpu");
                GradMode _ = GradMode.off()) {
            VisionData data = VisionData.read(manager, SharedData.at("vision"), 60_000, 1000);
            List<Integer> sizes = List.of(785, 512, 256, 10);
            var settings = new ParityConfig.Pretraining(500, 5, 1e-3, SchedulerType.COSINE, 0.1, 64);
            Parameters parameters = data.pretrain(manager, sizes, settings, 42);
            SeedBase base = new SeedBase(manager, parameters, data, 42);
            Point start = base.measure("base", "base", 0, Double.NaN, parameters);

            // The paper starts at about 0.88 and 0.685, the replication at 0.863 and 0.747.
            assertThat(start.newAccuracy()).isBetween(0.8, 0.92);
            assertThat(start.priorAccuracy()).isBetween(0.65, 0.82);
            assertThat(start.forgetting()).isZero();
            assertThat(start.meter("forward_kl")).isZero();

            Parameters trained = parameters.copy(manager);
            Training training = new Training(60_000, 64, 1, 3e-4, SchedulerType.CONSTANT_WITH_WARMUP, 0.1, 42);
            training.run(
                    100,
                    trained,
                    data.newTrain().inputs(),
                    new Objective.PolicyGradient(data.newTrain().labels(), 8, Objective.Advantage.NORMALISED),
                    LogitLoss.PLAIN,
                    (_, _) -> {});
            Point now = base.measure("grpo", "grpo", 100, 3e-4, trained);
            assertThat(now.newAccuracy()).isGreaterThan(start.newAccuracy() + 0.03);
            assertThat(now.meter("forward_kl")).isBetween(0.05, 5.0);
        }
    }
}
