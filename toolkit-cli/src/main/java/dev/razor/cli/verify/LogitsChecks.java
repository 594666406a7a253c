package dev.razor.cli.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// `logits.safetensors`: logits of prompts alone (`NAME.input_ids`, `NAME.logits`) and padded to one length
/// (with `NAME.attention_mask` and `NAME.position_ids`).
///
/// In bfloat16 it is the log-probabilities of the prompts' own tokens under these logits that are judged.
final class LogitsChecks {

    private final Subject subject;
    private final Judge judge;
    private final GoldenTensors file;
    private final int vocabulary;

    private LogitsChecks(Subject subject, Judge judge, GoldenTensors file) {
        this.subject = subject;
        this.judge = judge;
        this.file = file;
        this.vocabulary = subject.base().model().vocabularySize();
    }

    static void check(Subject subject, Judge judge) {
        try (GoldenTensors file = subject.directory().tensors("logits.safetensors");
                GradMode _ = GradMode.off()) {
            new LogitsChecks(subject, judge, file).check();
        }
    }

    /// Token ids side by side. @param real whether a place holds a token of the prompt
    private record Batch(String name, long[] ids, boolean[] real, int rows, int width) {}

    private void check() {
        Deviation unpadded = new Deviation();
        Map<Batch, String> padded = new LinkedHashMap<>();
        for (String tensor : file.names()) {
            if (!tensor.endsWith(".input_ids")) {
                continue;
            }
            String name = tensor.substring(0, tensor.lastIndexOf('.'));
            long[] ids = file.tokenIds(tensor, vocabulary);
            if (file.names().contains(name + ".attention_mask")) {
                padded.put(batch(name, ids), name);
            } else {
                boolean[] real = new boolean[ids.length];
                Arrays.fill(real, true);
                Batch alone = new Batch(name, ids, real, 1, ids.length);
                compare(alone, new AttentionContext.Causal(), unpadded);
            }
        }
        verdict("logits.unpadded", unpadded);
        padded.forEach((batch, name) -> checkPadded(name, batch));
    }

    private Batch batch(String name, long[] ids) {
        long[] shape = file.shape(name + ".input_ids");
        file.requireShape(name + ".attention_mask", shape);
        file.requireShape(name + ".position_ids", shape);
        long[] mask = file.integers(name + ".attention_mask");
        boolean[] real = new boolean[mask.length];
        for (int i = 0; i < real.length; i++) {
            real[i] = mask[i] != 0;
        }
        return new Batch(name, ids, real, Math.toIntExact(shape[0]), Math.toIntExact(shape[1]));
    }

    private void checkPadded(String name, Batch batch) {
        Deviation masked = new Deviation();
        try (NDScope _ = new NDScope()) {
            compare(batch, masked(batch), masked);
        }
        verdict("logits.%s_padded".formatted(name), masked);
        if (isPaddedRight(batch)) {
            Deviation causal = new Deviation();
            compare(batch, new AttentionContext.Causal(), causal);
            verdict("logits.%s_padded.without_mask".formatted(name), causal);
        }
    }

    private static boolean isPaddedRight(Batch batch) {
        for (int i = 0; i < batch.real.length; i++) {
            if (i % batch.width > 0 && batch.real[i] && !batch.real[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /// Each token sees the real tokens before it and, so that no row of the mask is empty, itself.
    private AttentionContext masked(Batch batch) {
        int width = batch.width;
        float[] mask = new float[batch.rows * width * width];
        Arrays.fill(mask, Float.NEGATIVE_INFINITY);
        for (int b = 0; b < batch.rows; b++) {
            for (int t = 0; t < width; t++) {
                for (int s = 0; s <= t; s++) {
                    if (s == t || batch.real[b * width + s]) {
                        mask[(b * width + t) * width + s] = 0;
                    }
                }
            }
        }
        NDManager manager = subject.base().manager();
        long[] positions = file.integers(batch.name + ".position_ids");
        NDArray additive = manager.create(mask, new Shape(batch.rows, 1, width, width));
        return new AttentionContext.Masked(
                manager.create(positions, new Shape(batch.rows, width)),
                Arrays.stream(positions).max().orElse(0),
                Aten.to(additive, subject.base().dtype()));
    }

    private void compare(Batch batch, AttentionContext context, Deviation found) {
        String name = batch.name + ".logits";
        file.requireShape(
                name,
                batch.name.startsWith("prompt") && batch.rows == 1 && file.shape(name).length == 2
                        ? new long[] {batch.width, vocabulary}
                        : new long[] {batch.rows, batch.width, vocabulary});
        float[] expected = file.floats(name);
        float[] actual;
        try (NDScope _ = new NDScope()) {
            NDArray ids = subject.base().manager().create(batch.ids, new Shape(batch.rows, batch.width));
            NDArray hidden = subject.base().model().hidden(ids, context); // [B, T, D]
            actual = Aten.to(subject.base().model().head().apply(hidden), Dtype.FLOAT32)
                    .toFloatArray(); // [B T V]
        }
        for (int i = 0; i < batch.real.length; i++) {
            if (batch.real[i]) {
                comparePosition(batch, i, actual, expected, found);
            }
        }
    }

    private void comparePosition(Batch batch, int i, float[] actual, float[] expected, Deviation found) {
        String where = "%s[%d][%d]".formatted(batch.name, i / batch.width, i % batch.width);
        int start = i * vocabulary;
        if (judge.bfloat16()) {
            if ((i + 1) % batch.width != 0 && batch.real[i + 1]) {
                int next = Math.toIntExact(batch.ids[i + 1]);
                found.add(where, logProb(actual, start, next), logProb(expected, start, next));
            }
            return;
        }
        int worst = 0;
        for (int v = 1; v < vocabulary; v++) {
            if (error(actual, expected, start + v) > error(actual, expected, start + worst)) {
                worst = v;
            }
        }
        found.add("%s[%d]".formatted(where, worst), actual[start + worst], expected[start + worst]);
    }

    private static double error(float[] actual, float[] expected, int i) {
        return Deviation.distance(actual[i], expected[i]);
    }

    private double logProb(float[] logits, int start, int token) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
            largest = Math.max(largest, logits[start + v]);
        }
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += Math.exp(logits[start + v] - largest);
        }
        return logits[start + token] - largest - Math.log(sum);
    }

    private void verdict(String name, Deviation found) {
        judge.nats(name, found, "logits.max_abs");
    }
}
