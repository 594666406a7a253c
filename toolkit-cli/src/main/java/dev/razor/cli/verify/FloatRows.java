package dev.razor.cli.verify;

/// Rows of numbers in the forms that the loss and the backward pass take.
final class FloatRows {

    private FloatRows() {}

    static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    static float[] flat(float[][] rows, int length) {
        float[] flat = new float[length];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, flat, at, row.length);
            at += row.length;
        }
        return flat;
    }
}
