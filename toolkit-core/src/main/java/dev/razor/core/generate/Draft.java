package dev.razor.core.generate;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// A completion being written.
final class Draft {

    private final Prompt prompt;
    private final int[] ids;
    private final float[] logProbs;
    private int length;
    private final SamplingOptions options;
    private final StopCheck stopCheck;
    private boolean stopped;

    /// @param context positions of the model
    Draft(Prompt prompt, SamplingOptions options, int context) {
        int room = context - prompt.ids().length;
        Check.that(room > 0, "a prompt of %d tokens leaves no room in a context of %d", prompt.ids().length, context);
        this.prompt = prompt;
        this.options = options;
        this.stopCheck = options.stopCheck().get();
        this.ids = new int[Math.min(options.maxNewTokens(), room)];
        this.logProbs = new float[ids.length];
    }

    int[] promptIds() {
        return prompt.ids();
    }

    long seed() {
        return prompt.seed();
    }

    /// Tokens written so far.
    int length() {
        return length;
    }

    /// Tokens it may have, those of the prompt included.
    int limit() {
        return prompt.ids().length + ids.length;
    }

    int lastId() {
        return ids[length - 1];
    }

    void append(int id, float logProb) {
        ids[length] = id;
        logProbs[length] = logProb;
        length++;
        stopped = stopCheck.endsWith(id);
        for (int stop : options.stopTokens()) {
            stopped |= id == stop;
        }
    }

    boolean ended() {
        return stopped || length == ids.length;
    }

    Completion finish() {
        return new Completion(Arrays.copyOf(ids, length), Arrays.copyOf(logProbs, length), stopped);
    }
}
