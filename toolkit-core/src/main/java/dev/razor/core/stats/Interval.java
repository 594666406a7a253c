package dev.razor.core.stats;

/// A confidence interval; both ends are NaN where there is none.
public record Interval(double low, double high) {

    /// No interval.
    public static final Interval UNDEFINED = new Interval(Double.NaN, Double.NaN);

    public boolean isDefined() {
        return !Double.isNaN(low);
    }
}
