package dev.razor.core.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.optim.Updater;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A copy of trained weights and their optimiser in the CPU's memory, to go back to: 12 bytes a parameter with
/// float32 moments.
final class Snapshot implements AutoCloseable {

    private final Updater updater;
    private final NDManager manager = Tensors.newManager("cpu");
    private final Map<String, NDArray> copies = new LinkedHashMap<>();
    private int steps;

    /// Takes the first copy.
    Snapshot(Updater updater) {
        this.updater = updater;
        updater.state().forEach((name, own) -> {
            NDArray copy =
                    Tensors.empty(manager, Tensors.dtype(own), own.getShape().getShape());
            NDScope.unregister(copy);
            copies.put(name, copy);
        });
        take();
    }

    /// Copies the present state over the last copy.
    void take() {
        try (GradMode _ = GradMode.off()) {
            updater.state().forEach((name, own) -> Aten.copyInPlace(copy(name), own));
        }
        steps = updater.steps();
    }

    /// Brings the updater back to the copy.
    void restore() {
        updater.restore(steps, (name, _) -> copy(name));
    }

    private NDArray copy(String name) {
        return Objects.requireNonNull(copies.get(name));
    }

    @Override
    public void close() {
        manager.close();
    }
}
