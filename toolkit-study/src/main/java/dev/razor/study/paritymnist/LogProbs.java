package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Log-probabilities of the classes, in double precision on the Java heap: ten numbers a row are too few for
/// tensors.
final class LogProbs {

    private LogProbs() {}

    /// `z - log sum exp z` of every row of `logits` `[n, C]` float32, row after row.
    static double[] of(NDArray logits) {
        int classes = Math.toIntExact(logits.getShape().get(1));
        MemorySegment memory = Tensors.memory(logits);
        double[] values = new double[Math.toIntExact(logits.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        for (int row = 0; row < values.length; row += classes) {
            normalise(values, row, classes);
        }
        return values;
    }

    private static void normalise(double[] values, int from, int classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(values[i] - largest);
        }
        double logSum = largest + Math.log(sum);
        for (int i = from; i < from + classes; i++) {
            values[i] -= logSum;
        }
    }

    /// The class of the largest of the `classes` numbers from `from` on; the first of equal ones.
    static int best(double[] values, int from, int classes) {
        int best = 0;
        for (int i = 1; i < classes; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
