package dev.razor.sft;

import ai.djl.ndarray.NDScope;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.optim.Updater;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.train.StepClock;
import dev.razor.core.train.TrainingArguments;
import dev.razor.core.train.TrainingOutput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// Trains every parameter of a model on the marked tokens of sequences:
///
/// ```
/// loss = -sum over the step's marked tokens of  log pi(y_t | y_<t)  /  number of them
/// ```
///
/// The number is that of the whole optimiser step, not of each micro-batch, so that the gradient does not
/// depend on
/// how the step is cut. The whole algorithm is in this file.
///
/// Metrics a step: `loss` in nats a token, `learning_rate`, `grad_norm` before clipping, `tokens` that went
/// through
/// the model (prompts included, padding not), `trained_tokens`, `tokens_per_second`.
public final class SftTrainer {

    private final PretrainedModel model;
    private final List<TokenSequence> examples;
    private final TrainingArguments arguments;

    public SftTrainer(PretrainedModel model, List<TokenSequence> examples, TrainingArguments arguments) {
        this.model = model;
        this.examples = examples;
        this.arguments = arguments;
    }

    /// Runs the configured steps and publishes the result.
    ///
    /// @throws dev.razor.core.base.ConfigException if the run diverges; checkpoints and metrics so far remain
    public void train(TrainingOutput output, Progress progress) {
        StepPlan plan = arguments.plan(examples.size());
        int total = plan.totalSteps(arguments.numTrainEpochs(), arguments.maxSteps());
        try (Updater updater = new Updater(
                model.parameters(), arguments.optimizer(), arguments.schedule(total), arguments.maxGradNorm())) {
            int done = output.start(updater).step();
            for (int step = done + 1; step <= total; step++) {
                double loss = step(step, plan, updater, output);
                progress.update("step", step, total, String.format(Locale.ROOT, "loss %.4f", loss));
                boolean save = arguments.saveSteps() > 0 && step % arguments.saveSteps() == 0;
                if (save || step == total) {
                    updater.requireFinite(step, loss);
                }
                if (save) {
                    output.checkpoint(
                            step,
                            model,
                            updater,
                            JsonMapper.shared().createObjectNode(),
                            arguments.saveTotalLimit());
                }
            }
        }
        output.finish(model);
    }

    private double step(int step, StepPlan plan, Updater updater, TrainingOutput output) {
        StepClock clock = new StepClock();
        List<TokenBatch> microBatches = plan.microBatches(step - 1).stream()
                .map(indices -> TokenBatch.of(
                        Arrays.stream(indices).mapToObj(examples::get).toList()))
                .toList();
        int trained = microBatches.stream().mapToInt(TokenBatch::predictions).sum();
        double loss = 0;
        for (TokenBatch batch : microBatches) {
            loss += backward(batch, trained);
            clock.count(batch.length());
        }
        Updater.Result update = updater.update(step, loss);
        if (step % arguments.loggingSteps() == 0) {
            LinkedHashMap<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("step", step);
            metrics.put("epoch", (double) step / plan.stepsPerEpoch());
            metrics.put("loss", loss);
            metrics.put("learning_rate", update.learningRate());
            metrics.put("grad_norm", update.gradNorm());
            metrics.put("tokens", clock.tokens());
            metrics.put("trained_tokens", trained);
            metrics.put("tokens_per_second", clock.tokensPerSecond());
            output.log(metrics);
        }
        return loss;
    }

    /// Adds the micro-batch's share of the gradient, and returns its share of the loss.
    private double backward(TokenBatch batch, int stepTokens) {
        float[] weights = new float[batch.predictions()];
        Arrays.fill(weights, -1f / stepTokens);
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass =
                    batch.forward(model.model(), model.manager(), arguments.gradientCheckpointing()); // [M, D]
            float[] logProbs = TokenLogProbs.of(model.model().head()).backward(pass, batch.targets(), weights);
            double sum = 0;
            for (float logProb : logProbs) {
                sum -= logProb;
            }
            return sum / stepTokens;
        }
    }
}
