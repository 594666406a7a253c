package dev.razor.core.plan;

import dev.razor.core.base.ConfigException;
import dev.razor.core.generate.Generator;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.model.KvCache;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.optim.AdamW;
import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The memory of a training run, by arithmetic from the model's shape and the run's settings:
///
/// ```
/// total = what lasts (weights, master copies, gradients, moments, frozen models, program)
///       + the largest of what comes and goes (loss, backward pass, optimiser, sampling)
/// ```
///
/// All numbers are bytes. Memory that an allocator holds back and the user's data are not in it.
///
/// @param lasting what is there during the whole run
/// @param phases what one part of a step adds, each a list of its parts
public record MemoryPlan(Qwen2Config shape, MemorySettings settings, List<Part> lasting, List<Phase> phases) {

    /// The program before the model is loaded. On a CPU: Java and libtorch, 190 MB measured, and room for Java's
    /// objects. On CUDA: the context and libtorch's kernels, by NVIDIA's and PyTorch's usual numbers, not
    /// measured.
    private static final long PROGRAM_CPU = 256L << 20;

    private static final long PROGRAM_GPU = 768L << 20;

    /// Numbers of a gradient that the norm takes at a time.
    private static final long PIECE = 1 << 25;

    /// One component and its bytes.
    public record Part(String name, long bytes) {}

    /// What is in memory together at one point of a step.
    public record Phase(String name, List<Part> parts) {

        public long bytes() {
            return parts.stream().mapToLong(Part::bytes).sum();
        }
    }

    public static MemoryPlan of(Qwen2Config shape, MemorySettings settings) {
        return new MemoryPlan(shape, settings, lasting(shape, settings), phases(shape, settings));
    }

    private static List<Part> lasting(Qwen2Config shape, MemorySettings settings) {
        long weights = shape.parameterCount();
        long s = settings.dtype().bytes();
        boolean lora = settings.loraRank() > 0;
        long trained = trainedParameters(shape, settings);
        boolean master = settings.dtype() == Dtype.BFLOAT16;
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("weights", weights * s));
        if (lora) {
            parts.add(new Part("adapter", trained * s));
        }
        if (master) {
            parts.add(new Part("master copies, float32", trained * 4));
        }
        parts.add(new Part("gradients", trained * s));
        parts.add(new Part("AdamW's moments", trained * 2 * settings.moments().bytes()));
        if (settings.frozen().bytes() > 0) {
            parts.add(new Part("frozen models", settings.frozen().bytes()));
        }
        parts.add(new Part("program", settings.gpu() ? PROGRAM_GPU : PROGRAM_CPU));
        return parts;
    }

    private static List<Phase> phases(Qwen2Config shape, MemorySettings settings) {
        LayerActivations layer = new LayerActivations(shape, settings);
        long rows = settings.pass().tokens();
        long d = shape.hiddenSize();
        long v = shape.vocabSize();
        long s = settings.dtype().bytes();
        int layers = shape.numHiddenLayers();
        Part kept = settings.pass().recompute()
                ? new Part("inputs of the layers", (layers + 1) * layer.inputBytes())
                : new Part("activations of the layers", layers * layer.bytes());
        // the final norm's input, its value before the weight, its output; the chosen rows, their gradient and
        // that of all rows
        Part ends = new Part("final norm, chosen rows", rows * d * (8 + 4 * s));
        long chunk = Math.min(rows, TokenLogProbs.chunkTokens(v));
        // logits, log-probabilities and the gradients of both, in float32; in bfloat16 the logits and their
        // gradient once more
        long chunkBytes = chunk * v * (4 * 4 + (s == 2 ? 2 * s : 0)) * (settings.klPenalty() ? 2 : 1);
        Part headGradient =
                new Part("gradient of the vocabulary's weights on its way", settings.loraRank() > 0 ? 0 : v * d * s);
        Part again = new Part("one layer computed again", settings.pass().recompute() ? layer.bytes() : 0);
        List<Phase> phases = new ArrayList<>();
        phases.add(
                phase("loss", kept, ends, new Part("logits of %d tokens".formatted(chunk), chunkBytes), headGradient));
        phases.add(phase(
                "backward pass", kept, ends, again, new Part("one layer's work", layer.workingBytes()), headGradient));
        phases.add(phase("optimiser", optimiser(shape, settings)));
        if (settings.sampling().sequences() > 0) {
            addSampling(shape, settings, phases);
        }
        return phases;
    }

    /// The prompts' pass, then one token of each sequence at a time ([Generator]). Of a sequence's tokens nobody
    /// knows which are the prompt's: it may be all.
    private static void addSampling(Qwen2Config shape, MemorySettings settings, List<Phase> phases) {
        int slots = settings.sampling().sequences();
        long promptTokens = Generator.promptTokens(slots, settings.sampling().length());
        long token = 2L
                * shape.numHiddenLayers()
                * shape.numKeyValueHeads()
                * shape.headDim()
                * settings.attentionType().bytes();
        Part cache = new Part(
                "key/value cache",
                (long) slots * KvCache.inBlocks(settings.sampling().length()) * token);
        Part prompts = new Part("keys and values of prompts", promptTokens * token);
        MemorySettings pass = settings.withBatch(1, 1).withLength(Math.toIntExact(promptTokens));
        phases.add(phase(
                "sampling: prompts",
                cache,
                prompts,
                new Part("one layer's work", new LayerActivations(shape, pass).bytes())));
        // logits, those over the temperature, log-probabilities and probabilities in float32; probabilities and their
        // sums in float64
        Part logits = new Part("logits", (long) slots * shape.vocabSize() * (4 * 4 + 2 * 8));
        phases.add(phase("sampling", cache, prompts, logits));
    }

    /// Parts that are nothing are left out.
    private static Phase phase(String name, Part... parts) {
        return new Phase(
                name, Arrays.stream(parts).filter(part -> part.bytes() > 0).toList());
    }

    /// AdamW works in place and piece by piece. What it makes beside: a bfloat16 gradient in float32, in larger
    /// pieces for the norm; with bfloat16 moments their float32 values and random numbers.
    private static Part optimiser(Qwen2Config shape, MemorySettings settings) {
        long d = shape.hiddenSize();
        long largest = settings.loraRank() > 0
                ? settings.loraRank() * Math.max(d, shape.intermediateSize())
                : d * Math.max(shape.vocabSize(), shape.intermediateSize());
        long gradient = settings.dtype() == Dtype.BFLOAT16 ? 4 : 0;
        long moments = settings.moments() == Dtype.BFLOAT16 ? 2 * 4 + 4 : 0;
        long norm = Math.min(largest, PIECE) * gradient;
        long step = Math.min(largest, AdamW.piece(settings.gpu())) * (gradient + moments);
        return new Part("copies of a piece of the largest tensor", Math.max(norm, step));
    }

    private static long trainedParameters(Qwen2Config shape, MemorySettings settings) {
        return settings.loraRank() > 0 ? adapterParameters(shape, settings.loraRank()) : shape.parameterCount();
    }

    /// Numbers of an adapter on the seven linear layers of each block: `r (in + out)` each.
    static long adapterParameters(Qwen2Config shape, int rank) {
        long d = shape.hiddenSize();
        long m = (long) shape.numKeyValueHeads() * shape.headDim();
        long f = shape.intermediateSize();
        return (long) rank * shape.numHiddenLayers() * (2 * (d + d) + 2 * (d + m) + 3 * (d + f));
    }

    /// Numbers that the run trains.
    public long trainedParameters() {
        return trainedParameters(shape, settings);
    }

    public long lastingBytes() {
        return lasting.stream().mapToLong(Part::bytes).sum();
    }

    /// The phase that needs most.
    public Phase peak() {
        return phases.stream().max(Comparator.comparingLong(Phase::bytes)).orElseThrow();
    }

    public long total() {
        return lastingBytes() + peak().bytes();
    }

    /// Throws unless the run fits. Nothing is said of a device whose memory is unknown.
    ///
    /// @throws ConfigException of one line with the settings that would help and the bytes that each saves
    public void requireFits(DeviceMemory memory) {
        if (memory.bytes().isEmpty() || total() <= memory.bytes().getAsLong()) {
            return;
        }
        List<Saving> savings = Saving.of(this);
        String help = savings.isEmpty()
                ? "take a smaller model"
                : savings.stream().map(Saving::text).collect(Collectors.joining(", "));
        long together = Saving.together(this).total();
        String sum = savings.isEmpty()
                ? ""
                : " (all of these and per_device_train_batch_size: 1 bring it to %s)".formatted(ByteText.of(together));
        throw new ConfigException("memory: the run needs %s and %s has %s free (%s); %s%s"
                .formatted(
                        ByteText.of(total()),
                        memory.device(),
                        ByteText.of(memory.bytes().getAsLong()),
                        memory.source(),
                        help,
                        sum));
    }
}
