package dev.razor.cli;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.razor.core.bench.BenchReport;
import dev.razor.core.bench.DecodingSpeed;
import dev.razor.core.bench.RolloutSpeed;
import dev.razor.core.bench.Spread;
import dev.razor.core.bench.TrainingSpeed;
import dev.razor.core.plan.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The lines that `razor bench` prints.
final class BenchTable {

    private static final int NAME_WIDTH = 30;

    private BenchTable() {}

    static List<String> lines(BenchReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(text(
                "%s (%s), %s",
                report.device(), report.deviceName(), report.config().dtype()));
        lines.add(text(
                "%,d parameters, %d sequences of %d tokens, gradient_checkpointing %s",
                report.shape().parameterCount(),
                report.config().perDeviceTrainBatchSize(),
                report.config().maxLength(),
                report.config().gradientCheckpointing()));
        lines.add("");
        TrainingSpeed training = report.training();
        if (training != null) {
            lines.add(row("training step", "median  (quartiles)"));
            lines.add(seconds("  whole step", training.step()));
            lines.add(seconds("  forward pass of the layers", training.forward()));
            lines.add(seconds("  loss and backward pass", training.backward()));
            lines.add(seconds("  optimiser", training.optimizer()));
            lines.add(row("training", text("%,.0f tokens/s", training.tokensPerSecond())));
            report.flopsPerSecond()
                    .ifPresent(rate -> lines.add(row(
                            "  model FLOPs",
                            text(
                                    "%.1f GFLOP/s (%.1f MFLOP a token: 6 N + 12 L D T)",
                                    rate / 1e9, report.flopsPerToken() / 1e6))));
            report.utilisation().ifPresent(share -> lines.add(row("  MFU", text("%.1f %%", 100 * share))));
            report.matmulShare()
                    .ifPresent(share -> lines.add(row(
                            "  share of a matrix product",
                            text(
                                    "%.1f %% of %.1f GFLOP/s, measured here",
                                    100 * share, report.matmulFlopsPerSecond() / 1e9))));
            training.peakResident().ifPresent(bytes -> lines.add(row("  most memory resident", ByteText.of(bytes))));
            lines.add(row("  planned memory", ByteText.of(report.plannedBytes())));
        }
        for (DecodingSpeed speed : report.decoding()) {
            lines.add(row("decoding, batch " + speed.batch(), text("%,.1f tokens/s", speed.tokensPerSecond())));
        }
        RolloutSpeed rollout = report.rollout();
        if (rollout != null) {
            lines.add(row(
                    text("rollout, %d of %d at a time", rollout.slots(), rollout.sequences()), "median  (quartiles)"));
            lines.add(row("  together", rate(rollout.tokensPerSecond())));
            lines.add(row("  one after the other", rate(rollout.tokensPerSecondAlone())));
            Spread ratio = rollout.ratio();
            lines.add(row(
                    "  ratio",
                    text("%.2f  (%.2f to %.2f)", ratio.median(), ratio.lowerQuartile(), ratio.upperQuartile())));
        }
        return lines;
    }

    private static String rate(Spread spread) {
        return text(
                "%,.1f tokens/s  (%,.1f to %,.1f)", spread.median(), spread.lowerQuartile(), spread.upperQuartile());
    }

    private static String seconds(String name, Spread spread) {
        return row(
                name, text("%.4f s  (%.4f to %.4f)", spread.median(), spread.lowerQuartile(), spread.upperQuartile()));
    }

    private static String row(String name, String value) {
        return name + " ".repeat(Math.max(1, NAME_WIDTH - name.length())) + value;
    }

    @FormatMethod
    private static String text(@FormatString String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
