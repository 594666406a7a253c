package dev.razor.cli;

import dev.razor.core.stats.Interval;
import dev.razor.eval.drift.ActivationChange;
import dev.razor.eval.drift.DriftFiles;
import dev.razor.eval.drift.FisherChange;
import dev.razor.eval.drift.KernelAlignment;
import dev.razor.eval.drift.RepresentationChange;
import dev.razor.eval.drift.WeightChange;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a comparison of two models found, a line a number.
final class DriftTable {

    private final List<String> lines = new ArrayList<>();

    void add(DriftFiles.Measured measured) {
        WeightChange weights = measured.weights();
        if (weights != null) {
            line("weight_l1", weights.l1(), "mean of |d| over %,d weights".formatted(weights.entries()));
            line("weight_l2", weights.l2(), "%s of the base's".formatted(percent(weights.relative())));
            line("weight_spectral", weights.spectral(), "sum over matrices; largest " + number(weights.spectralMax()));
            line(
                    "weight_unchanged",
                    weights.unchanged(),
                    "in float32; %s in bfloat16".formatted(number(weights.unchangedBfloat16())));
        }
        FisherChange fisher = measured.fisher();
        if (fisher != null) {
            line("weight_fisher_l2", fisher.mean(), interval(fisher.ci95()) + fisher.samples() + " samples");
        }
        ActivationChange activations = measured.activations();
        if (activations != null) {
            line(
                    "activation_l1",
                    activations.l1().mean(),
                    interval(activations.l1().ci95()) + activations.texts() + " texts");
            line(
                    "activation_l2",
                    activations.l2().mean(),
                    interval(activations.l2().ci95()) + activations.texts() + " texts");
        }
        RepresentationChange representations = measured.representations();
        if (representations != null) {
            KernelAlignment last = representations.last();
            String of = "final hidden states, %d texts".formatted(representations.texts());
            line("cka", last.cka(), of);
            line("cknna", last.cknna(), "%s, k = %d".formatted(of, representations.neighbours()));
        }
    }

    void print(PrintWriter out) {
        lines.forEach(out::println);
    }

    private void line(String name, double value, String remark) {
        lines.add("%-18s  %11s  %s".formatted(name, number(value), remark));
    }

    private static String interval(Interval interval) {
        return interval.isDefined() ? "[%s, %s], ".formatted(number(interval.low()), number(interval.high())) : "";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.5g", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3g %%", 100 * share);
    }
}
