package dev.razor.core.lora;

import dev.razor.core.base.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/// Which layers a list of names means. As in PEFT, a name means the layer of that name and every layer whose name
/// ends in a dot and it; `all-linear` means all but the head.
final class TargetModules {

    private static final String ALL = "all-linear";

    private TargetModules() {}

    /// The names without `all-linear`, which becomes the last parts of the names it means.
    ///
    /// @throws ConfigException if one means no layer, listing those there are
    static List<String> expand(List<String> targets, LinearLayers layers) {
        SequencedSet<String> names = new LinkedHashSet<>();
        List<String> problems = new ArrayList<>();
        for (String target : targets) {
            if (target.equals(ALL)) {
                layers.kinds().stream()
                        .filter(kind -> !kind.equals(LinearLayers.HEAD))
                        .forEach(names::add);
            } else if (layers.tied() && target.equals(LinearLayers.HEAD)) {
                problems.add(
                        "lora_target_modules: lm_head of %s is its token table (tie_word_embeddings); leave lm_head out"
                                .formatted(layers.base()));
            } else if (named(List.of(target), layers).isEmpty()) {
                problems.add("lora_target_modules: %s has no linear layer %s; it has %s; name some of them, or %s"
                        .formatted(layers.base(), target, String.join(", ", layers.kinds()), ALL));
            } else {
                names.add(target);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return List.copyOf(names);
    }

    /// The layers that `names` mean, in the order of the layers.
    static SequencedSet<String> named(List<String> names, LinearLayers layers) {
        SequencedSet<String> found = new LinkedHashSet<>();
        Set<String> exact = Set.copyOf(names);
        for (String layer : layers.sizes().keySet()) {
            if (exact.contains(layer) || names.stream().anyMatch(name -> layer.endsWith("." + name))) {
                found.add(layer);
            }
        }
        return found;
    }
}
