package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What is verified: a golden directory with its models in memory.
final class Subject implements AutoCloseable {

    /// Sequences computed together; the numbers must not depend on it.
    static final int BATCH_SIZE = 16;

    private final GoldenDirectory directory;
    private final LoadOptions trainable;
    private final PretrainedModel base;
    private @Nullable PretrainedModel other;

    private Subject(GoldenDirectory directory, LoadOptions trainable, PretrainedModel base) {
        this.directory = directory;
        this.trainable = trainable;
        this.base = base;
    }

    /// Loads the base model.
    ///
    /// @param dtype `float32` or `bfloat16`, whatever the weights are stored in
    static Subject load(Path root, String device, String dtype) {
        GoldenDirectory directory = GoldenDirectory.open(root);
        var trainable = new LoadOptions(device, dtype, true);
        return new Subject(
                directory, trainable, PretrainedModel.load(directory.models().base(), trainable));
    }

    GoldenDirectory directory() {
        return directory;
    }

    GoldenValue json(String name) {
        return directory.json(name);
    }

    /// The model that the numbers are of, trainable; who back-propagates clears its gradients first.
    PretrainedModel base() {
        return base;
    }

    /// The model it is compared with, only to be read.
    PretrainedModel other() {
        if (other == null) {
            Path found = directory
                    .models()
                    .other()
                    .orElseThrow(
                            () -> new DataException("%s: there is no second model to compare it with; add %s-perturbed"
                                    .formatted(
                                            base.directory(), base.directory().getFileName())));
            other = PretrainedModel.load(found, LoadOptions.frozen(trainable.device(), trainable.dtype()));
        }
        return other;
    }

    /// The base model once more, to be trained and closed.
    PretrainedModel freshBase() {
        return PretrainedModel.load(base.directory(), trainable);
    }

    Tokenizer tokenizer() {
        return base.tokenizer();
    }

    /// The token ids at `value`.
    int[] ids(GoldenValue value) {
        return value.tokenIds(base.model().vocabularySize());
    }

    @Override
    public void close() {
        base.close();
        if (other != null) {
            other.close();
        }
    }
}
