package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.drift.ActivationChange;
import dev.razor.eval.drift.ActivationMeter;
import dev.razor.eval.drift.FisherMeter;
import dev.razor.eval.drift.KernelAlignment;
import dev.razor.eval.drift.Pooling;
import dev.razor.eval.drift.RepresentationMeter;
import dev.razor.eval.drift.TextIds;
import dev.razor.eval.drift.WeightChange;
import dev.razor.eval.drift.WeightMeter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The study's meters of how far a model's weights, activations and representations have moved, as far as the
/// study asks for them.
///
/// The Fisher-weighted change takes the gradients of the base's samples anew for each model: kept instead, the
/// Fisher information would be a second model in memory all through the study.
record DriftMeters(StudyConfig study, Path data) {

    /// What it says of the base itself: nothing has moved.
    Map<String, Double> ofBase() {
        StudyConfig.Meters meters = study.meters();
        Map<String, Double> values = new LinkedHashMap<>();
        if (measuresWeights()) {
            values.put("weight_l1", 0.0);
            values.put("weight_spectral", 0.0);
            values.put("weight_sparsity", 1.0);
            values.put("weight_sparsity_bfloat16", 1.0);
        }
        if (meters.rank()) {
            values.put("weight_rank", 0.0);
        }
        if (meters.fisher() != null) {
            values.put("weight_fisher_l2", 0.0);
        }
        if (meters.activations() != null) {
            values.put("activation_l1", 0.0);
            values.put("activation_l2", 0.0);
        }
        if (meters.representations() != null) {
            values.put("cka", 1.0);
            values.put("cknna", 1.0);
        }
        return values;
    }

    /// Reads the files that it will need, before any model is loaded.
    ///
    /// @throws DataException if one of them is missing, cannot be read, or holds too few texts
    void requireData() {
        StudyConfig.Meters meters = study.meters();
        for (Path file : Stream.of(meters.fisher(), meters.activations(), meters.representations())
                .filter(Objects::nonNull)
                .toList()) {
            int texts = DataFiles.read(data.resolve(file)).size();
            int least = file.equals(meters.representations()) ? meters.neighbours() + 1 : 1;
            if (texts < least) {
                throw new DataException("%s: holds %d texts and meters.neighbours is %d; give at least %d texts"
                        .formatted(data.resolve(file), texts, meters.neighbours(), least));
            }
        }
    }

    /// Measures `model`.
    Map<String, Double> of(PretrainedModel base, PretrainedModel model, Progress progress) {
        StudyConfig.Meters meters = study.meters();
        Map<String, Double> values = new LinkedHashMap<>();
        if (measuresWeights()) {
            WeightChange change = new WeightMeter(meters.rank(), 0, study.device())
                    .measure(base.directory(), model.directory(), progress);
            values.put("weight_l1", change.l1());
            values.put("weight_spectral", change.spectral());
            values.put("weight_sparsity", change.unchanged());
            values.put("weight_sparsity_bfloat16", change.unchangedBfloat16());
            if (meters.rank()) {
                values.put("weight_rank", change.relativeRank());
            }
        }
        if (meters.fisher() != null) {
            values.put(
                    "weight_fisher_l2",
                    fisher(data.resolve(meters.fisher()), base.directory(), model.directory(), progress));
        }
        if (meters.activations() != null) {
            ActivationChange change = ActivationMeter.measure(
                    base,
                    model,
                    texts(data.resolve(meters.activations()), base),
                    study.evalBatchSize(),
                    meters.seed(),
                    progress);
            values.put("activation_l1", change.l1().mean());
            values.put("activation_l2", change.l2().mean());
        }
        if (meters.representations() != null) {
            KernelAlignment last = new RepresentationMeter(meters.neighbours(), Pooling.MEAN, study.evalBatchSize())
                    .measure(base, model, texts(data.resolve(meters.representations()), base), progress)
                    .last();
            values.put("cka", last.cka());
            values.put("cknna", last.cknna());
        }
        return values;
    }

    private boolean measuresWeights() {
        return study.meters().weights() || study.meters().rank();
    }

    private double fisher(Path prompts, Path base, Path model, Progress progress) {
        LoadOptions trainable = new LoadOptions(study.device(), study.dtype(), true);
        try (PretrainedModel loaded = PretrainedModel.load(base, trainable)) {
            var plan = new SamplingPlan(
                    texts(prompts, loaded),
                    study.meters().samples(),
                    study.task().maxCompletionLength(),
                    loaded.tokenizer().stopTokenIds(),
                    study.meters().seed(),
                    study.evalBatchSize());
            BaseSamples samples = BaseSamples.draw(loaded, plan, progress);
            return FisherMeter.measure(loaded, model, samples, progress).mean();
        }
    }

    private List<int[]> texts(Path file, PretrainedModel model) {
        int most = Math.min(study.meters().maxLength(), model.model().contextLength() - 1);
        return TextIds.read(file, model, most);
    }
}
