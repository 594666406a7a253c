package dev.razor.cli.verify;

/// The largest of the errors offered, and where it stands.
final class Largest {

    private double value;
    private String where = "";

    void offer(double candidate, String place) {
        double error = Double.isNaN(candidate) ? Double.POSITIVE_INFINITY : candidate;
        if (where.isEmpty() || error > value) {
            value = error;
            where = place;
        }
    }

    /// Zero before the first offer.
    double value() {
        return value;
    }

    /// Empty before the first offer.
    String where() {
        return where;
    }
}
