package dev.razor.core.bench;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.model.qwen2.Qwen2Config;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What was measured, with what it is to be compared with.
///
/// @param device `cpu` or `cuda:N`
/// @param deviceName what its maker calls it
/// @param flopsPerToken of training, see [dev.razor.core.plan.ModelFlops]
/// @param matmulFlopsPerSecond what the device reached in a plain matrix product in the same run
/// @param peakFlopsPerSecond by the maker's data sheet, where it is known
/// @param plannedBytes what [dev.razor.core.plan.MemoryPlan] says of this run
/// @param training null where none was measured
/// @param rollout null where none was measured
public record BenchReport(
        BenchConfig config,
        Qwen2Config shape,
        String device,
        String deviceName,
        double flopsPerToken,
        double matmulFlopsPerSecond,
        OptionalDouble peakFlopsPerSecond,
        long plannedBytes,
        @Nullable TrainingSpeed training,
        List<DecodingSpeed> decoding,
        @Nullable RolloutSpeed rollout) {

    public BenchReport {
        decoding = List.copyOf(decoding);
    }

    /// Floating-point operations a second that training reached.
    public OptionalDouble flopsPerSecond() {
        return training == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(training.tokensPerSecond() * flopsPerToken);
    }

    /// Model FLOPs utilisation: the share of the data sheet's peak that training reached.
    public OptionalDouble utilisation() {
        return ratio(peakFlopsPerSecond);
    }

    /// The share of the plain matrix product's rate that training reached.
    public OptionalDouble matmulShare() {
        return ratio(OptionalDouble.of(matmulFlopsPerSecond));
    }

    private OptionalDouble ratio(OptionalDouble of) {
        return training == null || of.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(training.tokensPerSecond() * flopsPerToken / of.getAsDouble());
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("device", device).put("device_name", deviceName);
        json.put("parameters", shape.parameterCount());
        json.put("flops_per_token", flopsPerToken);
        json.put("matmul_flops_per_second", matmulFlopsPerSecond);
        put(json, "peak_flops_per_second", peakFlopsPerSecond);
        json.put("planned_bytes", plannedBytes);
        if (training != null) {
            ObjectNode measured = json.putObject("training");
            put(measured, "step_seconds", training.step());
            put(measured, "forward_seconds", training.forward());
            put(measured, "backward_seconds", training.backward());
            put(measured, "optimizer_seconds", training.optimizer());
            measured.put("tokens_per_second", training.tokensPerSecond());
            put(measured, "flops_per_second", flopsPerSecond());
            put(measured, "mfu", utilisation());
            put(measured, "matmul_share", matmulShare());
            if (training.peakResident().isPresent()) {
                measured.put("peak_resident_bytes", training.peakResident().getAsLong());
            } else {
                measured.putNull("peak_resident_bytes");
            }
        }
        var speeds = json.putArray("decoding");
        decoding.forEach(speed ->
                speeds.addObject().put("batch_size", speed.batch()).put("tokens_per_second", speed.tokensPerSecond()));
        if (rollout != null) {
            ObjectNode measured = json.putObject("rollout");
            measured.put("sequences", rollout.sequences()).put("slots", rollout.slots());
            put(measured, "tokens_per_second", rollout.tokensPerSecond());
            put(measured, "tokens_per_second_alone", rollout.tokensPerSecondAlone());
            put(measured, "ratio", rollout.ratio());
        }
        json.set("config", ConfigWriter.toNode(config));
        return json;
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
        if (value.isPresent()) {
            json.put(name, value.getAsDouble());
        } else {
            json.putNull(name);
        }
    }

    private static void put(ObjectNode json, String name, Spread spread) {
        json.putObject(name)
                .put("median", spread.median())
                .put("lower_quartile", spread.lowerQuartile())
                .put("upper_quartile", spread.upperQuartile());
    }
}
