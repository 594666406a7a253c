package dev.razor.core.generate;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// A completion being written.
final class Draft {

    private final Prompt prompt;
    private final int[] ids;
    private final float[] logProbs;
    private int length;
    private boolean stopped;

    /// @param context positions of the model
    Draft(Prompt prompt, int maxNewTokens, int context) {
        int room = context - prompt.ids().length;
        Check.that(room > 0, "a prompt of %d tokens leaves no room in a context of %d", prompt.ids().length, context);
        this.prompt = prompt;
        this.ids = new int[Math.min(maxNewTokens, room)];
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

    void append(int id, float logProb, int[] stopTokens) {
        ids[length] = id;
        logProbs[length] = logProb;
        length++;
        for (int stop : stopTokens) {
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
