package dev.razor.study.run;

import dev.razor.core.kl.BaseSamples;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.kl.KlEvaluator;
import dev.razor.eval.kl.KlMap;
import dev.razor.eval.kl.KlResult;
import dev.razor.study.report.KlMapJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that is measured of models, opened: the base, the new task, the prior skills. Each unit opens its own,
/// so that training has the memory to itself and jobs share nothing.
final class Meters implements AutoCloseable {

    private static final List<String> DIVERGENCES =
            List.of("forward_kl", "reverse_kl", "total_variation", "l2", "jensen_shannon", "forward_kl_per_token");

    /// Texts that a run's map of KL by token shows.
    private static final int MAPPED = 6;

    private final StudyConfig study;
    private final StudyPlaces places;
    private final ModelMeter meter;
    private final PretrainedModel base;

    Meters(StudyConfig study, StudyPlaces places) {
        this.study = study;
        this.places = places;
        this.meter = new ModelMeter(study, places);
        boolean opened = false;
        try {
            this.base = PretrainedModel.load(places.base(), frozen());
            opened = true;
        } finally {
            if (!opened) {
                meter.close();
            }
        }
    }

    PretrainedModel base() {
        return base;
    }

    /// The base's skills; its divergences from itself are zero.
    Measurement ofBase(Progress progress) {
        Map<String, Double> zero = new LinkedHashMap<>();
        DIVERGENCES.forEach(name -> zero.put(name, 0.0));
        zero.putAll(new DriftMeters(study, places.data()).ofBase());
        return meter.measure(base, zero, progress);
    }

    /// Skills and distances of the model in `directory`.
    Measurement of(Path directory, BaseSamples samples, Progress progress) {
        try (PretrainedModel model = PretrainedModel.load(directory, frozen())) {
            var evaluator = new KlEvaluator(base, model, study.evalBatchSize());
            Map<String, Double> meters = divergences(evaluator.sampled(samples, progress));
            meters.putAll(new DriftMeters(study, places.data()).of(base, model, progress));
            return meter.measure(model, meters, progress);
        }
    }

    /// Writes where in some of the base's texts the model in `directory` disagrees with it, for the report.
    ///
    /// @param run the run's directory
    void map(Path directory, BaseSamples samples, Path run, Progress progress) {
        Path texts = run.resolve("kl_map_texts.jsonl");
        KlMapJson.writeTexts(texts, samples, MAPPED);
        try (PretrainedModel model = PretrainedModel.load(directory, frozen())) {
            KlMapJson.write(run.resolve(KlMapJson.FILE), KlMap.of(texts, base, model, progress));
        }
    }

    /// The divergences of whole sequences; distances of distributions are means over positions.
    private static Map<String, Double> divergences(KlResult result) {
        Map<String, Double> meters = new LinkedHashMap<>();
        meters.put("forward_kl", result.forwardKl().perSequence().mean());
        meters.put("reverse_kl", result.reverseKl().perSequence().mean());
        meters.put("total_variation", result.totalVariation().perToken().mean());
        meters.put("l2", result.l2().perToken().mean());
        meters.put("jensen_shannon", result.jensenShannon().perToken().mean());
        meters.put("forward_kl_per_token", result.forwardKl().perToken().mean());
        return meters;
    }

    private LoadOptions frozen() {
        return LoadOptions.frozen(study.device(), study.dtype());
    }

    @Override
    public void close() {
        base.close();
        meter.close();
    }
}
