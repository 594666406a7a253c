package dev.razor.study.run;

import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.drift.ActivationChange;
import dev.razor.eval.drift.ActivationMeter;
import dev.razor.eval.drift.FisherMeter;
import dev.razor.eval.drift.TextIds;
import dev.razor.eval.drift.WeightChange;
import dev.razor.eval.drift.WeightMeter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The study's meters of how far a model's weights and activations have moved, as far as the study asks for them.
///
/// The Fisher-weighted change takes the gradients of the base's samples anew for each model: kept instead, the
/// Fisher information would be a second model in memory all through the study.
record DriftMeters(StudyConfig study, Path data) {

    /// The columns it gives.
    List<String> names() {
        StudyConfig.Meters meters = study.meters();
        List<String> names = new ArrayList<>();
        if (meters.weights()) {
            names.addAll(List.of("weight_l1", "weight_spectral"));
        }
        if (meters.fisher() != null) {
            names.add("weight_fisher_l2");
        }
        if (meters.activations() != null) {
            names.addAll(List.of("activation_l1", "activation_l2"));
        }
        return names;
    }

    /// Measures `model`.
    Map<String, Double> of(PretrainedModel base, PretrainedModel model) {
        StudyConfig.Meters meters = study.meters();
        Map<String, Double> values = new LinkedHashMap<>();
        if (meters.weights()) {
            WeightChange change = new WeightMeter(false, 0, study.device())
                    .measure(base.directory(), model.directory(), Progress.silent());
            values.put("weight_l1", change.l1());
            values.put("weight_spectral", change.spectral());
        }
        if (meters.fisher() != null) {
            values.put("weight_fisher_l2", fisher(data.resolve(meters.fisher()), base.directory(), model.directory()));
        }
        if (meters.activations() != null) {
            ActivationChange change = ActivationMeter.measure(
                    base,
                    model,
                    texts(data.resolve(meters.activations()), base),
                    study.evalBatchSize(),
                    meters.seed(),
                    Progress.silent());
            values.put("activation_l1", change.l1().mean());
            values.put("activation_l2", change.l2().mean());
        }
        return values;
    }

    private double fisher(Path prompts, Path base, Path model) {
        LoadOptions trainable = new LoadOptions(study.device(), study.dtype(), true);
        try (PretrainedModel loaded = PretrainedModel.load(base, trainable)) {
            var plan = new SamplingPlan(
                    texts(prompts, loaded),
                    study.meters().samples(),
                    study.task().maxCompletionLength(),
                    loaded.tokenizer().stopTokenIds(),
                    study.meters().seed(),
                    study.evalBatchSize());
            BaseSamples samples = BaseSamples.draw(loaded, plan, Progress.silent());
            return FisherMeter.measure(loaded, model, samples, Progress.silent())
                    .mean();
        }
    }

    private List<int[]> texts(Path file, PretrainedModel model) {
        int most = Math.min(study.meters().maxLength(), model.model().contextLength() - 1);
        return TextIds.read(file, model, most);
    }
}
