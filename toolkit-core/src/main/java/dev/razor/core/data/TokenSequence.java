package dev.razor.core.data;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// One sequence of token ids, with a mark on each token that is scored or trained on.
///
/// @param ids all tokens, prompt first
/// @param marked as long as `ids`; the first token can be marked, but nothing predicts it
public record TokenSequence(int[] ids, boolean[] marked) {

    public TokenSequence {
        Check.that(ids.length == marked.length, "%d tokens with %d marks", ids.length, marked.length);
    }

    /// A prompt and a completion whose tokens are all marked.
    public static TokenSequence of(int[] prompt, int[] completion) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, ids, prompt.length, completion.length);
        boolean[] marked = new boolean[ids.length];
        Arrays.fill(marked, prompt.length, ids.length, true);
        return new TokenSequence(ids, marked);
    }

    /// A sequence all of whose tokens are marked.
    public static TokenSequence whole(int[] ids) {
        return of(new int[0], ids);
    }

    public int length() {
        return ids.length;
    }

    /// How many marked tokens have a token before them, so that something predicts them.
    public int predictions() {
        int count = 0;
        for (int t = 1; t < marked.length; t++) {
            count += marked[t] ? 1 : 0;
        }
        return count;
    }
}
