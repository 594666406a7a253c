package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import dev.razor.core.checkpoint.ModelConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models of a golden directory: those that `divergence.json` names `pi0` and `pi` or, where no directory
/// has such a name, `X` and `X-perturbed`.
///
/// @param base the model that all numbers are of
/// @param other the one it is compared with; absent where there is none
record ModelDirectories(Path base, Optional<Path> other) {

    private static final String PERTURBED = "-perturbed";

    /// @throws DataException if there is no model, or no telling which is the base
    static ModelDirectories find(Path root) {
        List<Path> all = modelsIn(root);
        Path base = named(root, "pi0", all).orElseGet(() -> guess(root, all));
        Optional<Path> other = named(root, "pi", all)
                .or(() -> all.stream()
                        .filter(each -> name(each).equals(name(base) + PERTURBED))
                        .findFirst());
        return new ModelDirectories(base, other);
    }

    private static Path guess(Path root, List<Path> all) {
        List<Path> bases =
                all.stream().filter(each -> !name(each).endsWith(PERTURBED)).toList();
        List<Path> paired = bases.stream()
                .filter(each -> all.stream().anyMatch(other -> name(other).equals(name(each) + PERTURBED)))
                .toList();
        List<Path> candidates = paired.isEmpty() ? bases : paired;
        if (candidates.size() != 1) {
            throw new DataException(
                    "%s: needs one model directory (with config.json) that is the base, got %s; see the golden README"
                            .formatted(
                                    root,
                                    all.stream().map(ModelDirectories::name).toList()));
        }
        return candidates.getFirst();
    }

    private static Optional<Path> named(Path root, String key, List<Path> all) {
        return GoldenDirectory.named(root, key)
                .flatMap(name ->
                        all.stream().filter(each -> name(each).equals(name)).findFirst());
    }

    private static List<Path> modelsIn(Path root) {
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(each -> Files.isRegularFile(each.resolve(ModelConfigFile.NAME)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException("%s: cannot be read, %s; check its permissions".formatted(root, e), e);
        }
    }

    private static String name(Path directory) {
        return directory.getFileName().toString();
    }
}
