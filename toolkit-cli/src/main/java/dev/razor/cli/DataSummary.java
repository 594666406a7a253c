package dev.razor.cli;

import dev.razor.core.data.StepPlan;
import dev.razor.sft.SftConfig;
import dev.razor.sft.SftData;
import dev.razor.sft.SftExample;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What a run's data amounts to, in a few lines.
final class DataSummary {

    private DataSummary() {}

    static List<String> lines(SftData data, SftConfig config) {
        List<String> lines = new ArrayList<>();
        int[] kept = data.sequences().stream()
                .mapToInt(sequence -> sequence.length())
                .sorted()
                .toArray();
        int[] read =
                data.lengths().stream().mapToInt(Integer::intValue).sorted().toArray();
        add(
                lines,
                "records",
                "%d in %d %s"
                        .formatted(
                                read.length, data.files().size(), data.files().size() == 1 ? "file" : "files"));
        add(lines, "cut", "%d at the end".formatted(data.cut()));
        add(lines, "dropped", "%d".formatted(data.dropped()));
        add(lines, "sequences", "%d".formatted(kept.length));
        add(lines, "tokens", "%d".formatted(Arrays.stream(kept).asLongStream().sum()));
        add(
                lines,
                "trained tokens",
                "%d"
                        .formatted(data.examples().stream()
                                .map(SftExample::sequence)
                                .mapToLong(sequence -> sequence.predictions())
                                .sum()));
        add(lines, "length", quantiles(kept));
        if (data.cut() + data.dropped() > 0) {
            add(lines, "length as read", quantiles(read));
        }
        add(lines, "steps", steps(data.plan(config), config));
        return lines;
    }

    private static void add(List<String> lines, String name, String value) {
        lines.add("%-15s %s".formatted(name, value));
    }

    private static String steps(StepPlan plan, SftConfig config) {
        int total = plan.totalSteps(
                config.training().numTrainEpochs(), config.training().maxSteps());
        double epochs = (double) total / plan.stepsPerEpoch();
        return "%d of up to %d x %d sequences an epoch of %d; %d in %s epochs"
                .formatted(
                        plan.stepsPerEpoch(),
                        config.training().gradientAccumulationSteps(),
                        config.training().perDeviceTrainBatchSize(),
                        plan.examples(),
                        total,
                        new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(epochs));
    }

    /// By nearest rank: the smallest length that so many of the sequences do not exceed.
    private static String quantiles(int[] sorted) {
        int[] ranks = IntStream.of(50, 95)
                .map(percent -> sorted[(int) Math.ceilDiv((long) percent * sorted.length, 100) - 1])
                .toArray();
        return "min %d, median %d, p95 %d, max %d".formatted(sorted[0], ranks[0], ranks[1], sorted[sorted.length - 1]);
    }
}
