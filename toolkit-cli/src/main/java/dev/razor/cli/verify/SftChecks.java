package dev.razor.cli.verify;

import dev.razor.core.data.TokenSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// `sft_loss.json` and its gradient file: the completion-only loss of one batch.
final class SftChecks {

    private static final int IGNORED = -100;

    private SftChecks() {}

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("sft_loss.json");
        List<TokenSequence> rows = Completions.rows(subject, golden.get("rows"));
        Gradients.clear(subject.base());
        double[] sums = Completions.backward(subject.base(), rows);
        int tokens = Completions.tokens(rows);
        double sum = Arrays.stream(sums).sum();

        judge.exact("sft.labels", labels(golden, rows));
        Deviation loss = new Deviation();
        loss.add(
                "loss_mean_over_label_tokens",
                sum / tokens,
                golden.get("loss_mean_over_label_tokens").number());
        judge.loss("sft.loss", loss.relative(), loss.absolute(), "sft.loss_abs");
        Deviation nll = new Deviation();
        nll.add("nll_sum", sum, golden.get("nll_sum").number());
        judge.loss("sft.nll_sum", nll.relative(), nll.relative(), "sft.nll_sum_rel");
        Deviation rowSums = new Deviation();
        rowSums.addAll("per_row_nll_sum", sums, golden.get("per_row_nll_sum").numbers());
        judge.loss("sft.nll_sum_per_row", rowSums.relative(), rowSums.relative(), "sft.nll_sum_rel");
        judge.attempt("sft.gradients", () -> gradients(subject, judge, golden));
    }

    /// Which tokens are trained on: the counts, and the labels of the padded batch.
    private static Differences labels(GoldenValue golden, List<TokenSequence> rows) {
        Differences found = new Differences();
        found.compare(
                "label_tokens",
                Completions.tokens(rows),
                golden.get("label_tokens").integer());
        found.compare(
                "per_row_label_tokens",
                rows.stream().mapToInt(TokenSequence::predictions).toArray(),
                golden.get("per_row_label_tokens").integers());
        if (golden.has("padding")) {
            List<GoldenValue> labels = golden.get("padding").get("labels").list();
            found.compare("rows with labels", labels.size(), rows.size());
            for (int i = 0; i < Math.min(rows.size(), labels.size()); i++) {
                int[] marked = new int[labels.get(i).list().size()];
                Arrays.fill(marked, IGNORED);
                for (int t = 0; t < Math.min(marked.length, rows.get(i).length()); t++) {
                    marked[t] = rows.get(i).marked()[t] ? rows.get(i).ids()[t] : IGNORED;
                }
                found.compare(
                        "labels of row %d".formatted(i), marked, labels.get(i).integers());
            }
        }
        return found;
    }

    private static void gradients(Subject subject, Judge judge, GoldenValue golden) {
        Map<String, float[]> gradients = Gradients.of(subject.base());
        judge.exact("sft.parameters", parameters(subject, golden.get("parameter_shapes")));
        Deviation norm = new Deviation();
        norm.add(
                "grad_global_norm",
                Gradients.globalNorm(gradients),
                golden.get("grad_global_norm").number());
        judge.norm("sft.grad_global_norm", norm.relative(), "sft.grad_global_norm_rel");
        try (GoldenTensors file =
                subject.directory().tensors(golden.get("grad_file").text())) {
            TensorDeviation found = new TensorDeviation();
            found.addAll("", gradients, file);
            judge.gradients("sft.gradients", found, "sft.grad_tensor_rel_to_max");
            judge.norm(
                    "sft.grad_norms",
                    norms(judge, golden.get("grad_norms"), gradients, file),
                    "sft.grad_tensor_rel_to_max");
        }
    }

    private static Differences parameters(Subject subject, GoldenValue shapes) {
        Differences found = new Differences();
        Map<String, ai.djl.ndarray.NDArray> parameters = subject.base().parameters();
        found.compare(
                "names",
                List.copyOf(parameters.keySet()).stream().sorted().toList(),
                shapes.keys().stream().sorted().toList());
        parameters.forEach((name, tensor) -> {
            if (shapes.has(name)) {
                long[] shape = tensor.getShape().getShape();
                found.compare(
                        name,
                        Arrays.toString(shape),
                        Arrays.toString(shapes.get(name).integers()));
            }
        });
        return found;
    }

    /// The norm of each tensor's gradient. Entries within `t max|g|` of the golden ones mean a norm within
    /// `t max|g| sqrt(n)`, so the error is taken in units of `max|g| sqrt(n)`.
    private static Largest norms(
            Judge judge, GoldenValue expected, Map<String, float[]> gradients, GoldenTensors file) {
        Largest found = new Largest();
        gradients.forEach((name, values) -> {
            double golden = expected.get(name).number();
            double error = Deviation.distance(Gradients.norm(values), golden);
            double unit = golden;
            if (!judge.bfloat16()) {
                double largest = 0;
                for (float value : file.floats(name)) {
                    largest = Math.max(largest, Math.abs(value));
                }
                unit = largest * Math.sqrt(values.length);
            }
            found.offer(error == 0 ? 0 : error / unit, name);
        });
        return found;
    }
}
