package dev.razor.core.train;

import dev.razor.core.kl.KlMeter;
import dev.razor.core.loss.ValidationLoss;
import dev.razor.core.model.CausalLm;
import dev.razor.core.optim.Updater;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Looks at a model while it is trained, every some steps, before each checkpoint and at the end: the loss of
/// held-out records (`eval_loss`, nats a token), the forward KL from the base on held-out prompts (`forward_kl`,
/// nats a completion), a table of samples. Decides what follows: training goes on, stops (no better loss for a
/// while, or the budget is passed), or goes back to the last look.
public final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final PretrainedModel model;
    private final int everySteps;
    private final @Nullable ValidationLoss validation;
    private final @Nullable Integer patience;
    private final @Nullable Drift drift;
    private final @Nullable SampleWriter samples;
    private EarlyStopping earlyStopping = EarlyStopping.START;
    private boolean stopped;
    private @Nullable Snapshot lastLook;

    /// How the forward KL is measured, and what its budget is.
    public record Drift(KlMeter meter, CausalLm base, KlBudget budget) {}

    /// @param everySteps steps between two looks; 0 looks before checkpoints and at the end only
    /// @param validation the held-out records, if any
    /// @param patience looks without a better loss that end the training; null never
    /// @param drift the held-out prompts, if any
    /// @param samples the prompts of the table, if any
    public Watch(
            PretrainedModel model,
            int everySteps,
            @Nullable ValidationLoss validation,
            @Nullable Integer patience,
            @Nullable Drift drift,
            @Nullable SampleWriter samples) {
        this.model = model;
        this.everySteps = everySteps;
        this.validation = validation;
        this.patience = patience;
        this.drift = drift;
        this.samples = samples;
    }

    /// A watch that never looks.
    public static Watch none(PretrainedModel model) {
        return new Watch(model, 0, null, null, null, null);
    }

    /// Sees to it that a run goes on from where it was.
    public void begin(TrainingOutput.Start start, TrainingOutput output, Updater updater) {
        JsonNode state = start.trainer();
        if (state.path("looks_since").isInt()) {
            JsonNode best = state.path("best_eval_loss");
            earlyStopping = new EarlyStopping(
                    best.isNumber() ? best.asDouble() : null,
                    state.path("looks_since").asInt());
            stopped = state.path("stopped").asBoolean(false);
        }
        if (samples != null) {
            samples.open(output, start.step());
        }
        if (undoes()) {
            lastLook = new Snapshot(updater);
        }
    }

    private boolean undoes() {
        return drift != null
                && drift.budget.klBudget() != null
                && drift.budget.klBudgetAction() == KlBudget.Action.UNDO;
    }

    /// Looks, if it is time to, and adds what it finds to `metrics`. Steps beyond the budget that are to be
    /// undone are undone when this returns.
    ///
    /// @param must whether a checkpoint or the end is next
    /// @return whether anything was found
    public boolean look(int step, boolean must, SequencedMap<String, Object> metrics) {
        if (samples != null) {
            samples.write(step, must, model);
        }
        boolean due = must || (everySteps > 0 && step % everySteps == 0);
        if (!due || (validation == null && drift == null)) {
            return false;
        }
        if (validation != null) {
            double loss = validation.of(model.model(), model.manager());
            metrics.put("eval_loss", loss);
            earlyStopping = earlyStopping.next(loss);
            if (earlyStopping.stops(patience)) {
                LOG.warn(
                        "step {}: stopped, {} looks without an eval_loss below {}",
                        step,
                        patience,
                        earlyStopping.bestLoss());
                stopped = true;
                metrics.put("stopped", true);
            }
        }
        if (drift != null) {
            double kl = drift.meter.forwardKl(drift.base, model.model(), model.manager(), Progress.silent());
            metrics.put("forward_kl", kl);
            judge(step, kl, metrics);
        }
        return true;
    }

    private void judge(int step, double kl, SequencedMap<String, Object> metrics) {
        Drift watched = Objects.requireNonNull(drift);
        boolean passed = watched.budget.passedBy(kl);
        if (lastLook != null) {
            if (passed) {
                lastLook.restore();
                LOG.warn(
                        "step {}: forward KL {} passes kl_budget {}; the steps since the last look are undone",
                        step,
                        kl,
                        watched.budget.klBudget());
            } else {
                lastLook.take();
            }
            metrics.put("undone", passed);
        } else if (passed) {
            LOG.warn(
                    "step {}: stopped, forward KL {} passes kl_budget {}; the final model is the one beyond it, the checkpoint before it is within",
                    step,
                    kl,
                    watched.budget.klBudget());
            stopped = true;
            metrics.put("stopped", true);
        }
    }

    /// Whether training is to end here.
    public boolean stopped() {
        return stopped;
    }

    /// What a resumed run needs to know; see [#begin].
    public ObjectNode state() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("best_eval_loss", earlyStopping.bestLoss())
                .put("looks_since", earlyStopping.looksSince())
                .put("stopped", stopped);
    }

    @Override
    public void close() {
        if (samples != null) {
            samples.close();
        }
        if (lastLook != null) {
            lastLook.close();
        }
    }
}
