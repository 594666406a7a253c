package dev.razor.study.quickstart;

import java.util.List;
import java.util.function.Function;

/// Sources of pre-training lines, each drawn in proportion to its weight.
record Mixture(List<Part> parts) {

    /// @param weight the share of the lines, relative to the other weights
    record Part(String name, int weight, Function<SplitMix64, String> source) {}

    Mixture {
        parts = List.copyOf(parts);
    }

    int totalWeight() {
        return parts.stream().mapToInt(Part::weight).sum();
    }

    String document(SplitMix64 draw) {
        int rest = draw.nextInt(totalWeight());
        for (Part part : parts) {
            if (rest < part.weight()) {
                return part.source().apply(draw);
            }
            rest -= part.weight();
        }
        throw new AssertionError("the weights sum to " + totalWeight() + ", " + rest + " are left");
    }
}
