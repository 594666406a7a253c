package dev.razor.eval.drift;

import dev.razor.core.run.JsonLine;
import dev.razor.core.stats.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The files of a comparison: `drift.json` with one number a meter, `weights.jsonl` with a line a weight,
/// `layers.jsonl` with a line a layer. What is not defined is null.
public final class DriftFiles {

    private static final JsonMapper JSON = JsonMapper.shared();

    private DriftFiles() {}

    /// What was measured; null for what was not asked for.
    public record Measured(
            @Nullable WeightChange weights,
            @Nullable FisherChange fisher,
            @Nullable ActivationChange activations,
            @Nullable RepresentationChange representations) {}

    /// Writes the files into the new `directory`.
    ///
    /// @param settings what it ran with
    public static void write(Path directory, Measured measured, ObjectNode settings) throws IOException {
        Files.createDirectories(directory);
        ObjectNode root = summary(measured);
        root.set("settings", settings);
        Files.writeString(directory.resolve("drift.json"), text(root));
        WeightChange weights = measured.weights;
        if (weights != null) {
            Files.writeString(
                    directory.resolve("weights.jsonl"),
                    weights.tensors().stream()
                            .map(one -> JsonLine.of(line(one)) + "\n")
                            .collect(Collectors.joining()));
        }
        if (measured.activations != null || measured.representations != null) {
            Files.writeString(directory.resolve("layers.jsonl"), layers(measured));
        }
    }

    private static String text(ObjectNode root) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    /// The numbers of `drift.json`.
    static ObjectNode summary(Measured measured) {
        ObjectNode root = JSON.createObjectNode();
        WeightChange weights = measured.weights;
        if (weights != null) {
            put(root, "weight_l1", weights.l1());
            put(root, "weight_l1_sum", weights.l1Sum());
            put(root, "weight_l2", weights.l2());
            put(root, "weight_relative_l2", weights.relative());
            put(root, "weight_max", weights.largest());
            put(root, "weight_spectral", weights.spectral());
            put(root, "weight_spectral_max", weights.spectralMax());
            put(root, "weight_unchanged", weights.unchanged());
            put(root, "weight_unchanged_bfloat16", weights.unchangedBfloat16());
            root.put("weights", weights.entries());
        }
        FisherChange fisher = measured.fisher;
        if (fisher != null) {
            put(root, "weight_fisher_l2", fisher.mean());
            put(root, "weight_fisher_l2_ci95", fisher.ci95());
            root.put("fisher_prompts", fisher.prompts())
                    .put("fisher_samples", fisher.samples())
                    .put("fisher_truncated", fisher.truncated());
        }
        ActivationChange activations = measured.activations;
        if (activations != null) {
            put(root, "activation_l1", activations.l1().mean());
            put(root, "activation_l1_ci95", activations.l1().ci95());
            put(root, "activation_l2", activations.l2().mean());
            put(root, "activation_l2_ci95", activations.l2().ci95());
            root.put("activation_texts", activations.texts());
        }
        RepresentationChange representations = measured.representations;
        if (representations != null) {
            put(root, "cka", representations.last().cka());
            put(root, "cknna", representations.last().cknna());
            put(root, "cknna_printed", representations.last().cknnaPrinted());
            root.put("representation_texts", representations.texts());
        }
        return root;
    }

    private static ObjectNode line(TensorChange one) {
        ObjectNode line = JSON.createObjectNode().put("name", one.name());
        ArrayNode shape = line.putArray("shape");
        one.shape().forEach(shape::add);
        put(line, "l1", one.absoluteSum() / one.entries());
        put(line, "l1_sum", one.absoluteSum());
        put(line, "l2", Math.sqrt(one.squareSum()));
        put(line, "relative_l2", one.relative());
        put(line, "max", one.largest());
        put(line, "unchanged", (double) one.unchanged() / one.entries());
        put(line, "unchanged_bfloat16", (double) one.unchangedBfloat16() / one.entries());
        if (one.spectral() != null) {
            put(line, "spectral", one.spectral());
            put(line, "stable_rank", one.stableRank());
        }
        if (one.rank() != null) {
            line.put("rank", one.rank());
        }
        PrincipalAngles angles = one.angles();
        if (angles != null) {
            put(line, "angle_output_max", angles.outputLargest());
            put(line, "angle_output_mean", angles.outputMean());
            put(line, "angle_input_max", angles.inputLargest());
            put(line, "angle_input_mean", angles.inputMean());
        }
        return line;
    }

    private static String layers(Measured measured) {
        List<ActivationChange.Layer> activations =
                measured.activations == null ? List.of() : measured.activations.layers();
        List<RepresentationChange.Layer> representations =
                measured.representations == null ? List.of() : measured.representations.layers();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < Math.max(activations.size(), representations.size()); i++) {
            ObjectNode line = JSON.createObjectNode();
            if (i < activations.size()) {
                line.put("layer", activations.get(i).name());
                put(line, "activation_l1", activations.get(i).l1());
                put(line, "activation_l2", activations.get(i).l2());
            }
            if (i < representations.size()) {
                KernelAlignment alignment = representations.get(i).alignment();
                line.put("layer", representations.get(i).name());
                put(line, "cka", alignment.cka());
                put(line, "cknna", alignment.cknna());
                put(line, "cknna_printed", alignment.cknnaPrinted());
            }
            lines.append(JsonLine.of(line)).append('\n');
        }
        return lines.toString();
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static void put(ObjectNode node, String name, Interval interval) {
        if (interval.isDefined()) {
            node.putArray(name).add(interval.low()).add(interval.high());
        } else {
            node.putNull(name);
        }
    }
}
