package dev.razor.sft.simpo;

import ai.djl.ndarray.NDScope;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.optim.Updater;
import dev.razor.core.plan.Utilisation;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.run.ProgressLine;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.train.StepClock;
import dev.razor.core.train.TrainingArguments;
import dev.razor.core.train.TrainingOutput;
import dev.razor.core.train.Watch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Trains a model to prefer the chosen answer of each pair to the rejected one. The whole algorithm is in this
/// file:
///
/// 1. take the step's pairs; `per_device_train_batch_size` counts pairs, as in TRL's CPO and DPO, so that a
///    forward pass has twice as many sequences;
/// 2. for every micro-batch: both sequences of each pair in one forward pass, the log-probabilities of their
///    marked tokens, [SimPoLoss] and its derivative by each of them, backward pass;
/// 3. clip and update. The loss is the mean over the step's pairs, however the step is cut into micro-batches.
///
/// Metrics a step: those of SFT (`loss` in nats a pair, `tokens` and `trained_tokens` of both sides), and means
/// over the step's pairs: `rewards_chosen`, `rewards_rejected`, `rewards_margin` (their difference, without
/// gamma), `rewards_accuracy` (the share of pairs whose chosen answer has the higher reward), `logps_chosen`,
/// `logps_rejected` (log-probabilities of whole answers, in nats); and what [Watch] finds.
public final class SimPoTrainer {

    private final PretrainedModel model;
    private final List<Pair> pairs;
    private final StepPlan plan;
    private final TrainingArguments arguments;
    private final SimPoLoss loss;
    private final Watch watch;

    /// @param plan which of the pairs each step takes
    public SimPoTrainer(
            PretrainedModel model,
            List<Pair> pairs,
            StepPlan plan,
            TrainingArguments arguments,
            SimPoLoss loss,
            Watch watch) {
        this.model = model;
        this.pairs = pairs;
        this.plan = plan;
        this.arguments = arguments;
        this.loss = loss;
        this.watch = watch;
    }

    /// Runs the configured steps, those before the output's newest checkpoint left out, and publishes the result.
    ///
    /// @throws dev.razor.core.base.ConfigException if the run diverges; checkpoints and metrics so far remain
    public void train(TrainingOutput output, Progress progress) {
        int total = plan.totalSteps(arguments.numTrainEpochs(), arguments.maxSteps());
        int last;
        Utilisation utilisation = Utilisation.of(model);
        try (Updater updater = new Updater(
                        model.trainable(), arguments.optimizer(), arguments.schedule(total), arguments.maxGradNorm());
                Watch watching = watch) {
            TrainingOutput.Start start = output.start(updater);
            watching.begin(start, output, updater);
            last = start.step();
            for (int step = start.step() + 1; step <= total && !watching.stopped(); step++) {
                StepClock clock = new StepClock();
                SequencedMap<String, Object> metrics = step(step, updater, clock);
                double stepLoss = (double) Objects.requireNonNull(metrics.get("loss"));
                OptionalDouble mfu = utilisation.report(clock.tokensPerSecond(), clock.meanLength(), metrics);
                boolean save = arguments.saveSteps() > 0 && step % arguments.saveSteps() == 0;
                if (save || step == total) {
                    updater.requireFinite(step, stepLoss);
                }
                boolean looked = watching.look(step, save || step == total, metrics);
                if (looked || step % arguments.loggingSteps() == 0) {
                    output.log(metrics);
                }
                progress.update("step", step, total, ProgressLine.training(stepLoss, clock.tokensPerSecond(), mfu));
                if (save) {
                    output.checkpoint(step, model, updater, watching.state());
                }
                last = step;
            }
        }
        output.finish(last, model);
    }

    /// What a step adds up over its micro-batches.
    private static final class Totals {
        private double loss;
        private SimPoLoss.Sums sums = SimPoLoss.Sums.ZERO;
        private int trained;
    }

    private SequencedMap<String, Object> step(int step, Updater updater, StepClock clock) {
        List<List<Pair>> microBatches = plan.microBatches(step - 1).stream()
                .map(indices -> Arrays.stream(indices).mapToObj(pairs::get).toList())
                .toList();
        int stepPairs = microBatches.stream().mapToInt(List::size).sum();
        Totals totals = new Totals();
        for (List<Pair> microBatch : microBatches) {
            backward(microBatch, stepPairs, totals, clock);
        }
        Updater.Result update = updater.update(step, totals.loss);
        SimPoLoss.Sums sums = totals.sums;
        SequencedMap<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("step", step);
        metrics.put("epoch", (double) step / plan.stepsPerEpoch());
        metrics.put("loss", totals.loss);
        metrics.put("learning_rate", update.learningRate());
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("tokens", clock.tokens());
        metrics.put("trained_tokens", totals.trained);
        metrics.put("tokens_per_second", clock.tokensPerSecond());
        metrics.put("rewards_chosen", sums.rewardsChosen() / stepPairs);
        metrics.put("rewards_rejected", sums.rewardsRejected() / stepPairs);
        metrics.put("rewards_margin", (sums.rewardsChosen() - sums.rewardsRejected()) / stepPairs);
        metrics.put("rewards_accuracy", (double) sums.right() / stepPairs);
        metrics.put("logps_chosen", sums.logpsChosen() / stepPairs);
        metrics.put("logps_rejected", sums.logpsRejected() / stepPairs);
        return metrics;
    }

    /// Adds the micro-batch's share of the gradient. Its sequences are chosen, rejected, chosen, rejected, ...
    private void backward(List<Pair> microBatch, int stepPairs, Totals totals, StepClock clock) {
        List<TokenSequence> sequences = microBatch.stream()
                .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
                .toList();
        TokenBatch batch = TokenBatch.of(sequences);
        clock.count(batch.length(), batch.sequences());
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass =
                    batch.forward(model.model(), model.manager(), arguments.gradientCheckpointing()); // [M, D]
            TokenLogProbs logProbs = TokenLogProbs.of(model.model().head());
            float[] now = logProbs.score(pass.hidden(), batch.targets(), false).logProbs(); // [M]
            SimPoLoss.Output found = loss.compute(rows(microBatch, now), stepPairs);
            logProbs.backward(pass, batch.targets(), weights(found, batch.predictions()));
            totals.loss += found.loss();
            totals.sums = totals.sums.plus(found.sums());
            totals.trained += batch.predictions();
        }
    }

    private static List<SimPoLoss.Row> rows(List<Pair> microBatch, float[] now) {
        List<SimPoLoss.Row> rows = new ArrayList<>();
        int at = 0;
        for (Pair pair : microBatch) {
            int middle = at + pair.chosen().predictions();
            int end = middle + pair.rejected().predictions();
            rows.add(new SimPoLoss.Row(Arrays.copyOfRange(now, at, middle), Arrays.copyOfRange(now, middle, end)));
            at = end;
        }
        return rows;
    }

    /// The derivatives in the order of the batch's predictions, `[M]`.
    private static float[] weights(SimPoLoss.Output found, int predictions) {
        float[] weights = new float[predictions];
        int at = 0;
        for (int i = 0; i < found.chosenGradients().length; i++) {
            for (float[] side : List.of(found.chosenGradients()[i], found.rejectedGradients()[i])) {
                System.arraycopy(side, 0, weights, at, side.length);
                at += side.length;
            }
        }
        return weights;
    }
}
