package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import dev.razor.core.checkpoint.Checkpoint;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A copy of parts of the shipped golden directory, to be changed.
record GoldenCopy(Path root) {

    /// Both models, the tolerances, and `files` of the numbers.
    static GoldenCopy of(Path root, String... files) {
        try {
            for (String model : List.of("model-a", "model-a-perturbed")) {
                copyAll(Golden.directory().resolve(model), root.resolve(model));
            }
            Files.copy(Golden.directory().resolve("tolerances.json"), root.resolve("tolerances.json"));
            Files.createDirectories(root.resolve("golden"));
            for (String file : files) {
                Files.copy(
                        Golden.directory().resolve("golden").resolve(file),
                        root.resolve("golden").resolve(file));
            }
            return new GoldenCopy(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    /// Rewrites a text file.
    void edit(String file, UnaryOperator<String> change) {
        try {
            Path path = root.resolve(file);
            String before = Files.readString(path);
            String after = change.apply(before);
            if (after.equals(before)) {
                throw new IllegalStateException("nothing to change in " + file);
            }
            Files.writeString(path, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stores the base model's weights anew.
    void storeWeights(Dtype dtype, long maxShardBytes, boolean untied) {
        Path directory = root.resolve("model-a");
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"))) {
            Map<String, NDArray> tensors = new LinkedHashMap<>(model.parameters());
            if (untied) {
                tensors.put("lm_head.weight", tensors.get("model.embed_tokens.weight"));
            }
            Files.delete(directory.resolve(Checkpoint.SINGLE));
            SafetensorsWriter.writeModel(directory, tensors, _ -> dtype, maxShardBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void rename(String from, String to) {
        try {
            Files.move(root.resolve(from), root.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The checks in float32 of the families whose name begins with `prefix`.
    List<CheckResult> verify(String prefix) {
        return Verification.run(root, "cpu", false, dev.razor.core.run.Progress.silent()).stream()
                .filter(result -> result.name().startsWith(prefix))
                .toList();
    }
}
