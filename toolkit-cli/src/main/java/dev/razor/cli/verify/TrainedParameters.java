package dev.razor.cli.verify;

/// How far trained parameters lie from the golden ones, over all tensors.
final class TrainedParameters {

    private final double within;
    private final Largest matrices = new Largest();
    private final Largest vectors = new Largest();
    private final Largest entries = new Largest();
    private long beyond;
    private long count;

    TrainedParameters(double within) {
        this.within = within;
    }

    void add(String name, boolean matrix, float[] actual, float[] expected) {
        Deviation.requireEqualLength(name, actual.length, expected.length);
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = Deviation.distance(actual[i], expected[i]);
            entries.offer(error, name);
            squares += error * error;
            beyond += error <= within ? 0 : 1;
        }
        count += actual.length;
        (matrix ? matrices : vectors).offer(Math.sqrt(squares / actual.length), name);
    }

    Largest matrices() {
        return matrices;
    }

    Largest vectors() {
        return vectors;
    }

    Largest entries() {
        return entries;
    }

    Largest shareBeyond() {
        Largest share = new Largest();
        share.offer((double) beyond / count, "%d of %d entries".formatted(beyond, count));
        return share;
    }
}
