package dev.razor.cli.verify;

import java.util.Map;

/// The deviations of all GRPO cases of one loss type.
final class GrpoFindings {

    private final Deviation loss = new Deviation();
    private final Largest lossPerSlope = new Largest();
    private final Deviation globalNorm = new Deviation();
    private final Deviation tensorNorm = new Deviation();
    private final Deviation kl = new Deviation();
    private final Deviation entropy = new Deviation();
    private final Deviation clipRatio = new Deviation();
    private final TensorDeviation gradients = new TensorDeviation();

    /// Computes a case and compares it with what the file says of it.
    void add(Subject subject, Judge judge, GrpoCase one, GoldenValue golden) {
        Gradients.clear(subject.base());
        GrpoCase.Outcome outcome = one.run(subject.base(), judge.bfloat16());
        Map<String, float[]> found = Gradients.of(subject.base());
        double expected = golden.get("loss").number();
        loss.add(one.name(), outcome.loss(), expected);
        lossPerSlope.offer(Deviation.distance(outcome.loss(), expected) / outcome.slope(), one.name());
        globalNorm.add(
                one.name(),
                Gradients.globalNorm(found),
                golden.get("grad_global_norm").number());
        if (golden.has("metrics")) {
            metrics(one, outcome, golden.get("metrics"));
        }
        GoldenValue norms = golden.get("grad_norms");
        found.forEach((name, values) -> tensorNorm.add(
                one.name() + " " + name,
                Gradients.norm(values),
                norms.has(name) ? norms.get(name).number() : Double.NaN));
        if (golden.has("grad_file")) {
            try (GoldenTensors file =
                    subject.directory().tensors(golden.get("grad_file").text())) {
                gradients.addAll(one.name() + " ", found, file);
            }
        }
    }

    private void metrics(GrpoCase one, GrpoCase.Outcome outcome, GoldenValue golden) {
        double tokens = outcome.tokens();
        if (golden.has("mean_kl_over_tokens")) {
            kl.add(
                    one.name(),
                    outcome.kl() / tokens,
                    golden.get("mean_kl_over_tokens").number());
        }
        if (golden.has("mean_entropy_over_tokens")) {
            entropy.add(
                    one.name(),
                    outcome.entropy() / tokens,
                    golden.get("mean_entropy_over_tokens").number());
        }
        clipRatio(one, "clip_ratio_low", outcome.clippedLow() / tokens, golden);
        clipRatio(one, "clip_ratio_high", outcome.clippedHigh() / tokens, golden);
        clipRatio(one, "clip_ratio_region", (outcome.clippedLow() + outcome.clippedHigh()) / tokens, golden);
    }

    private void clipRatio(GrpoCase one, String name, double ratio, GoldenValue golden) {
        if (golden.has(name)) {
            clipRatio.add(one.name() + " " + name, ratio, golden.get(name).number());
        }
    }

    /// Hands over the results; `name` is the family with the loss type.
    void judge(String name, Judge judge) {
        judge.loss(name + ".loss", lossPerSlope, loss.absolute(), "grpo.loss_abs");
        judge.norm(name + ".grad_global_norm", globalNorm.relative(), "grpo.grad_global_norm_rel");
        judge.norm(name + ".grad_norms", tensorNorm.relative(), "grpo.grad_tensor_norm_rel");
        if (!gradients.relativeToLargest().where().isEmpty()) {
            judge.gradients(name + ".gradients", gradients, "grpo.grad_tensor_rel_to_max");
        }
        if (kl.count() > 0) {
            judge.nats(name + ".kl", kl, "grpo.kl_entropy_abs");
        }
        if (entropy.count() > 0) {
            judge.nats(name + ".entropy", entropy, "grpo.kl_entropy_abs");
        }
        if (clipRatio.count() > 0) {
            judge.float32(name + ".clip_ratio", clipRatio.absolute(), "grpo.clip_ratio_abs");
        }
    }
}
