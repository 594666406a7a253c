package dev.razor.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.KlPenalty;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Trains a model on the marked tokens of sequences:
///
/// ```
/// loss = -sum over the step's marked tokens of  log pi(y_t | y_<t)  /  number of them
///        + beta  sum over the same tokens of  KL(pi0 || pi) or KL(pi || pi0) at y_<t  /  number of them
/// ```
///
/// with the second line only where there is a penalty. The number is that of the whole optimiser step, not of
/// each micro-batch, so that the gradient does not depend on how the step is cut. The whole algorithm is in
/// this file.
///
/// Metrics a step: `loss` in nats a token, `learning_rate`, `grad_norm` before clipping, `tokens` that went
/// through the model (prompts included, padding not), `trained_tokens`, `tokens_per_second`; with a penalty
/// `nll` and `kl`, the two lines without beta; and what [Watch] finds.
public final class SftTrainer {

    private final PretrainedModel model;
    private final Epochs epochs;
    private final StepPlan plan;
    private final TrainingArguments arguments;
    private final boolean packing;
    private final @Nullable Penalty penalty;
    private final Watch watch;

    /// The frozen base that the model is kept near to.
    record Penalty(PretrainedModel base, SftConfig config) {}

    SftTrainer(
            PretrainedModel model,
            Epochs epochs,
            StepPlan plan,
            TrainingArguments arguments,
            boolean packing,
            @Nullable Penalty penalty,
            Watch watch) {
        this.model = model;
        this.epochs = epochs;
        this.plan = plan;
        this.arguments = arguments;
        this.packing = packing;
        this.penalty = penalty;
        this.watch = watch;
    }

    /// Trains on the examples in new seeded permutations, and on nothing else.
    public SftTrainer(PretrainedModel model, List<TokenSequence> examples, TrainingArguments arguments) {
        this(model, Epochs.fixed(examples), arguments.plan(examples.size()), arguments, false, null, Watch.none(model));
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
                SequencedMap<String, Object> metrics = step(step, updater, clock, progress);
                double loss = (double) Objects.requireNonNull(metrics.get("loss"));
                OptionalDouble mfu = utilisation.report(clock.tokensPerSecond(), clock.meanLength(), metrics);
                boolean save = arguments.saveSteps() > 0 && step % arguments.saveSteps() == 0;
                if (save || step == total) {
                    updater.requireFinite(step, loss);
                }
                boolean looked = watching.look(step, save || step == total, metrics);
                if (looked || step % arguments.loggingSteps() == 0) {
                    output.log(metrics);
                }
                progress.update("step", step, total, ProgressLine.training(loss, clock.tokensPerSecond(), mfu));
                if (save) {
                    output.checkpoint(step, model, updater, watching.state());
                }
                last = step;
            }
        }
        output.finish(last, model);
    }

    private SequencedMap<String, Object> step(int step, Updater updater, StepClock clock, Progress progress) {
        List<TokenSequence> examples = epochs.of((step - 1) / plan.stepsPerEpoch(), progress);
        List<TokenBatch> microBatches = plan.microBatches(step - 1).stream()
                .map(indices -> Arrays.stream(indices).mapToObj(examples::get).toList())
                .map(sequences -> packing ? TokenBatch.packed(sequences) : TokenBatch.of(sequences))
                .toList();
        int trained = microBatches.stream().mapToInt(TokenBatch::predictions).sum();
        Sums sums = new Sums();
        for (TokenBatch batch : microBatches) {
            backward(batch, trained, sums);
            clock.count(batch.length(), batch.sequences());
        }
        double nll = sums.nll / trained;
        double kl = sums.kl / trained;
        double loss = penalty == null ? nll : nll + penalty.config.beta() * kl;
        Updater.Result update = updater.update(step, loss);
        SequencedMap<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("step", step);
        metrics.put("epoch", (double) step / plan.stepsPerEpoch());
        metrics.put("loss", loss);
        if (penalty != null) {
            metrics.put("nll", nll);
            metrics.put("kl", kl);
        }
        metrics.put("learning_rate", update.learningRate());
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("tokens", clock.tokens());
        metrics.put("trained_tokens", trained);
        metrics.put("tokens_per_second", clock.tokensPerSecond());
        return metrics;
    }

    /// What a step adds up over its tokens.
    private static final class Sums {
        private double nll;
        private double kl;
    }

    /// Adds the micro-batch's share of the gradient.
    private void backward(TokenBatch batch, int stepTokens, Sums sums) {
        float[] weights = new float[batch.predictions()];
        Arrays.fill(weights, -1f / stepTokens);
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            if (penalty == null) {
                ForwardPass pass = forward(batch);
                add(sums, TokenLogProbs.of(model.model().head()).backward(pass, batch.targets(), weights));
                return;
            }
            SftConfig config = penalty.config;
            NDArray baseHidden; // [M, D]
            try (GradMode _ = GradMode.off()) {
                baseHidden = batch.hidden(penalty.base.model(), penalty.base.manager());
            }
            float[] klWeights = new float[batch.predictions()];
            Arrays.fill(klWeights, (float) (config.beta() / stepTokens));
            KlPenalty.Result result = KlPenalty.of(
                            model.model().head(), penalty.base.model().head(), config.klDirection(), 1)
                    .backward(forward(batch), baseHidden, batch.targets(), weights, klWeights);
            add(sums, result.logProbs());
            for (double divergence : result.divergences()) {
                sums.kl += divergence;
            }
        }
    }

    private ForwardPass forward(TokenBatch batch) {
        return batch.forward(model.model(), model.manager(), arguments.gradientCheckpointing());
    }

    private static void add(Sums sums, float[] logProbs) {
        for (float logProb : logProbs) {
            sums.nll -= logProb;
        }
    }
}
