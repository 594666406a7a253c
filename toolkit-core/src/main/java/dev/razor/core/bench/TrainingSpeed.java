package dev.razor.core.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.optim.AdamW;
import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.optim.Updater;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The time of a training step, made by the parts that `razor sft` trains with, in seconds.
///
/// @param step the whole step
/// @param forward the layers' forward pass, up to the hidden states
/// @param backward the projection to the vocabulary, the loss, and the way back through both and the layers
/// @param optimizer the norm of the gradients and AdamW
/// @param tokensPerSecond of the median step
/// @param peakResident the most bytes the process held in the measured steps; empty where Linux is not asked
public record TrainingSpeed(
        Spread step,
        Spread forward,
        Spread backward,
        Spread optimizer,
        double tokensPerSecond,
        OptionalLong peakResident) {

    private static final double LEARNING_RATE = 1e-5;

    static TrainingSpeed measure(RandomModel model, int vocabulary, BenchConfig config, Progress progress) {
        int total = config.warmupSteps() + config.measuredSteps();
        List<double[]> measured = new ArrayList<>();
        Dtype moments = config.optimizerStateDtype().equals("bfloat16") ? Dtype.BFLOAT16 : Dtype.FLOAT32;
        AdamW.Settings settings = new AdamW.Settings(0.9, 0.999, 1e-8, 0, moments, config.seed());
        LearningRateSchedule schedule = new LearningRateSchedule(SchedulerType.CONSTANT, LEARNING_RATE, 0, total, 0);
        ProcessMemory.resetPeak();
        try (Updater updater = new Updater(model.parameters(), settings, schedule, 1)) {
            for (int step = 1; step <= total; step++) {
                double[] seconds = step(step, model, batch(vocabulary, config, step), config, updater);
                if (step > config.warmupSteps()) {
                    measured.add(seconds);
                }
                progress.update("training step", step, total, "");
            }
        }
        Spread whole = part(measured, -1);
        return new TrainingSpeed(
                whole,
                part(measured, 0),
                part(measured, 1),
                part(measured, 2),
                (double) config.perDeviceTrainBatchSize() * config.maxLength() / whole.median(),
                ProcessMemory.peak());
    }

    private static TokenBatch batch(int vocabulary, BenchConfig config, int step) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(config.seed() + step);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int b = 0; b < config.perDeviceTrainBatchSize(); b++) {
            sequences.add(TokenSequence.whole(
                    random.ints(config.maxLength(), 0, vocabulary).toArray()));
        }
        return TokenBatch.of(sequences);
    }

    /// Makes a step; returns the seconds of its three parts.
    private static double[] step(int number, RandomModel model, TokenBatch batch, BenchConfig config, Updater updater) {
        float[] weights = new float[batch.predictions()];
        Arrays.fill(weights, -1f / weights.length);
        NDArray last = model.parameters().values().iterator().next(); // the embedding's gradient is the last to come
        long start = System.nanoTime();
        long forward;
        double loss = 0;
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.on()) {
            ForwardPass pass = batch.forward(model.model(), model.manager(), config.gradientCheckpointing());
            model.await(pass.hidden());
            forward = System.nanoTime();
            for (float logProb : TokenLogProbs.of(model.model().head()).backward(pass, batch.targets(), weights)) {
                loss -= logProb / weights.length;
            }
            NDArray gradient = Tensors.gradient(last);
            if (gradient != null) {
                model.await(gradient);
            }
        }
        long backward = System.nanoTime();
        updater.update(number, loss);
        model.await(last);
        long end = System.nanoTime();
        return new double[] {(forward - start) * 1e-9, (backward - forward) * 1e-9, (end - backward) * 1e-9};
    }

    /// Part `index` of each step, or their sum for -1.
    private static Spread part(List<double[]> measured, int index) {
        return Spread.of(measured.stream()
                .mapToDouble(seconds -> index < 0 ? Arrays.stream(seconds).sum() : seconds[index])
                .toArray());
    }
}
