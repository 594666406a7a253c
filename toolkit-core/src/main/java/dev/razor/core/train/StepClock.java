package dev.razor.core.train;

/// Counts the tokens of a step and the time it takes.
public final class StepClock {

    private final long started = System.nanoTime();
    private long tokens;

    /// Counts tokens that went through the model, padding left out.
    public void count(long more) {
        tokens += more;
    }

    public long tokens() {
        return tokens;
    }

    public double tokensPerSecond() {
        return tokens / ((System.nanoTime() - started) * 1e-9);
    }
}
