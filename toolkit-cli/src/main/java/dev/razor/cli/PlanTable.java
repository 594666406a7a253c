package dev.razor.cli;

import dev.razor.core.plan.ByteText;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.plan.MemorySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The lines that `razor bench --plan` prints.
final class PlanTable {

    private static final int NAME_WIDTH = 52;

    private PlanTable() {}

    static List<String> lines(MemoryPlan plan, DeviceMemory memory) {
        MemorySettings settings = plan.settings();
        long parameters = plan.shape().parameterCount();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d parameters (%,d trained) in %s on %s, %d x %d tokens a pass",
                parameters,
                plan.trainedParameters(),
                settings.dtype().name().toLowerCase(Locale.ROOT),
                memory.device(),
                settings.pass().batch() * settings.pass().answers(),
                settings.pass().length()));
        lines.add("");
        lines.add(row("all the time", "bytes", "a parameter"));
        plan.lasting().forEach(part -> lines.add(row("  " + part.name(), part.bytes(), parameters)));
        for (MemoryPlan.Phase phase : plan.phases()) {
            String mark = phase.equals(plan.peak()) ? " (the fullest)" : "";
            lines.add(row(phase.name() + mark, phase.bytes(), parameters));
            phase.parts().forEach(part -> lines.add(row("  " + part.name(), part.bytes(), parameters)));
        }
        lines.add(row("total: all the time + the fullest", plan.total(), parameters));
        if (settings.frozen().mappedBytes() > 0) {
            lines.add(row("mapped to files beside it", settings.frozen().mappedBytes(), parameters));
        }
        lines.add(
                memory.bytes().isPresent()
                        ? row(
                                "free (%s)".formatted(memory.source()),
                                ByteText.of(memory.bytes().getAsLong()),
                                "")
                        : "free: unknown, %s".formatted(memory.source()));
        return lines;
    }

    static ObjectNode toJson(MemoryPlan plan, DeviceMemory memory) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("device", memory.device());
        json.put("parameters", plan.shape().parameterCount());
        json.put("trained_parameters", plan.trainedParameters());
        ObjectNode lasting = json.putObject("lasting_bytes");
        plan.lasting().forEach(part -> lasting.put(part.name(), part.bytes()));
        ObjectNode phases = json.putObject("phase_bytes");
        for (MemoryPlan.Phase phase : plan.phases()) {
            ObjectNode parts = phases.putObject(phase.name());
            phase.parts().forEach(part -> parts.put(part.name(), part.bytes()));
        }
        json.put("total_bytes", plan.total());
        json.put("mapped_bytes", plan.settings().frozen().mappedBytes());
        if (memory.bytes().isPresent()) {
            json.put("free_bytes", memory.bytes().getAsLong());
        } else {
            json.putNull("free_bytes");
        }
        return json;
    }

    private static String row(String name, long bytes, long parameters) {
        return row(name, ByteText.of(bytes), String.format(Locale.ROOT, "%.2f", (double) bytes / parameters));
    }

    private static String row(String name, String bytes, String each) {
        return "%s%10s %12s"
                .formatted(name + " ".repeat(Math.max(1, NAME_WIDTH - name.length())), bytes, each)
                .stripTrailing();
    }
}
