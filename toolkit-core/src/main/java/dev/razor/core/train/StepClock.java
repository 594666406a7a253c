package dev.razor.core.train;

/// Counts the tokens of a step and the time it takes.
public final class StepClock {

    private final long started = System.nanoTime();
    private long tokens;
    private int sequences;

    /// Counts tokens that went through the model, padding left out.
    ///
    /// @param more how many there were
    /// @param ofSequences in how many sequences
    public void count(long more, int ofSequences) {
        tokens += more;
        sequences += ofSequences;
    }

    public long tokens() {
        return tokens;
    }

    /// Tokens of a sequence in the mean, rounded down.
    public int meanLength() {
        return sequences == 0 ? 0 : (int) (tokens / sequences);
    }

    public double tokensPerSecond() {
        return tokens / ((System.nanoTime() - started) * 1e-9);
    }
}
