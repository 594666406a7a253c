package dev.razor.cli;

import dev.razor.core.pretrained.PretrainedModel;
import java.nio.file.Path;

/// Two models computed in the same type: with `--dtype auto` bfloat16 if both are stored in it, else float32.
record ModelPair(PretrainedModel base, PretrainedModel model) implements AutoCloseable {

    static ModelPair load(Path baseDirectory, Path modelDirectory, ModelOptions options) {
        ModelPair pair = load(baseDirectory, modelDirectory, options, options.dtype());
        if (pair.base.dtype() == pair.model.dtype()) {
            return pair;
        }
        pair.close();
        return load(baseDirectory, modelDirectory, options, "float32");
    }

    private static ModelPair load(Path baseDirectory, Path modelDirectory, ModelOptions options, String dtype) {
        PretrainedModel base = options.load(baseDirectory, dtype);
        boolean loaded = false;
        try {
            var pair = new ModelPair(base, options.load(modelDirectory, dtype));
            loaded = true;
            return pair;
        } finally {
            if (!loaded) {
                base.close();
            }
        }
    }

    @Override
    public void close() {
        model.close();
        base.close();
    }
}
