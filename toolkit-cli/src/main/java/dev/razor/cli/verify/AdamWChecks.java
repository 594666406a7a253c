package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.optim.AdamW;
import dev.razor.core.optim.GradientClip;
import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `adamw.json` and its tensors: a few optimiser steps from the base model, once for each run of the file, with
/// the learning rates that the file lists; and Razor's schedule against that list.
final class AdamWChecks {

    private static final Pattern BATCH = Pattern.compile("uses rows (\\d+)s");
    private static final Pattern LOSS_AFTER = Pattern.compile("loss_on_rows_(\\d+)_to_(\\d+)_after_\\d+_steps");

    private final Subject subject;
    private final Judge judge;
    private final GoldenValue golden;
    private final List<TokenSequence> rows;

    private AdamWChecks(Subject subject, Judge judge, GoldenValue golden) {
        this.subject = subject;
        this.judge = judge;
        this.golden = golden;
        this.rows = Completions.rows(subject, golden.get("rows"));
    }

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("adamw.json");
        AdamWChecks checks = new AdamWChecks(subject, judge, golden);
        GoldenValue runs = golden.get("runs");
        for (String run : runs.keys()) {
            judge.attempt("adamw." + run, () -> checks.schedule("adamw." + run, runs.get(run)));
            judge.attempt("adamw." + run, () -> checks.run("adamw." + run, runs.get(run)));
        }
    }

    private void schedule(String name, GoldenValue run) {
        GoldenValue rates = run.get(run.keyWithPrefix("lrs_of_all_"));
        GoldenValue text = run.get("schedule");
        Optional<ScheduleText> schedule = ScheduleText.parse(
                text.text(), golden.get("optimizer").get("lr").number());
        if (schedule.isEmpty()) {
            judge.unjudged(name + ".schedule", "%s is none of Razor's schedules".formatted(text.where()));
            return;
        }
        LearningRateSchedule ours = schedule.get().schedule();
        double[] expected = rates.numbers();
        Deviation found = new Deviation();
        for (int i = 0; i < expected.length; i++) {
            found.add("step %d".formatted(i), ours.at(i + schedule.get().firstStep()), expected[i]);
        }
        judge.plain(name + ".schedule", found.relative(), "adamw.lr_rel");
    }

    private void run(String name, GoldenValue run) {
        GoldenValue optimizer = golden.get("optimizer");
        double[] betas = optimizer.get("betas").numbers();
        if (betas.length != 2) {
            throw optimizer.get("betas").misfit("two numbers");
        }
        var settings = new AdamW.Settings(
                betas[0],
                betas[1],
                optimizer.get("eps").number(),
                optimizer.get("weight_decay").number());
        double clip = optimizer.get("clip_global_norm").number();
        Deviation losses = new Deviation();
        Deviation norms = new Deviation();
        Differences counts = new Differences();
        List<GoldenValue> steps = run.get("steps").list();
        try (PretrainedModel model = subject.freshBase();
                AdamW adamW = new AdamW(model.parameters(), settings)) {
            for (int s = 0; s < steps.size(); s++) {
                GoldenValue step = steps.get(s);
                List<TokenSequence> batch = batch(s, steps.size());
                int tokens = Completions.tokens(batch);
                counts.compare(
                        "step %d".formatted(s), tokens, step.get("label_tokens").integer());
                double loss = Arrays.stream(Completions.backward(model, batch)).sum() / tokens;
                double norm = GradientClip.norm(model.parameters().values());
                losses.add("step %d".formatted(s), loss, step.get("loss").number());
                norms.add(
                        "step %d".formatted(s),
                        norm,
                        step.get("grad_norm_before_clip").number());
                adamW.step(step.get("lr").number(), GradientClip.factor(norm, clip));
            }
            judge.exact(name + ".label_tokens", counts);
            judge.loss(name + ".loss", losses.relative(), losses.absolute(), "adamw.loss_abs");
            judge.norm(name + ".grad_norm", norms.relative(), "adamw.grad_norm_rel");
            lossAfter(name, run, model);
            parameters(name, run.get("final_parameters_file"), model);
        }
    }

    /// Step `s` takes rows `n s .. n s + n - 1`, `n` being what `batches` says, else all rows shared out.
    private List<TokenSequence> batch(int s, int steps) {
        Matcher said =
                BATCH.matcher(golden.has("batches") ? golden.get("batches").text() : "");
        int size = said.find() ? Integer.parseInt(said.group(1)) : rows.size() / steps;
        return slice(size * s, size * s + size);
    }

    private List<TokenSequence> slice(int from, int to) {
        if (from >= to || to > rows.size()) {
            throw new DataException("%s: needs rows %d to %d, holds %d; restore the file"
                    .formatted(golden.where(), from, to - 1, rows.size()));
        }
        return rows.subList(from, to);
    }

    private void lossAfter(String name, GoldenValue run, PretrainedModel model) {
        String key = run.keyWithPrefix("loss_on_rows_");
        Matcher range = LOSS_AFTER.matcher(key);
        if (!range.matches()) {
            throw new DataException("%s: %s does not say which rows; restore the file".formatted(run.where(), key));
        }
        List<TokenSequence> batch = slice(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)) + 1);
        double loss = Arrays.stream(Completions.sums(model, batch)).sum() / Completions.tokens(batch);
        Deviation found = new Deviation();
        found.add(key, loss, run.get(key).number());
        judge.loss(name + ".loss_after", found.relative(), found.absolute(), "adamw.loss_abs");
    }

    private void parameters(String name, GoldenValue fileName, PretrainedModel model) {
        try (GoldenTensors file = subject.directory().tensors(fileName.text());
                NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            file.requireNames(model.parameters().keySet());
            var found = new TrainedParameters(judge.tolerances().closeness().within());
            for (var parameter : model.parameters().entrySet()) {
                NDArray actual = Aten.to(parameter.getValue(), Dtype.FLOAT32);
                boolean matrix = actual.getShape().dimension() >= 2;
                found.add(parameter.getKey(), matrix, actual.toFloatArray(), file.floats(parameter.getKey()));
            }
            judge.float32(name + ".final.rms_matrices", found.matrices(), "adamw.final_rms_matrices");
            judge.float32(name + ".final.rms_vectors", found.vectors(), "adamw.final_rms_vectors");
            judge.float32(name + ".final.max_abs", found.entries(), "adamw.final_max_abs");
            judge.float32(
                    name
                            + ".final.share_beyond_%s"
                                    .formatted(judge.tolerances().closeness().within()),
                    found.shareBeyond(),
                    1 - judge.tolerances().closeness().share());
        }
    }
}
