package dev.razor.eval.generative;

import dev.razor.core.generate.StopCheck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// Ends a completion as soon as its text holds a stop string.
///
/// After each token the last tokens are decoded, special ones included, and searched. Every token that counts
/// stands for a byte or more, so that as many tokens as the longest stop string has bytes are enough, however it
/// was cut into tokens; the cost of a token does not grow with the completion.
public final class StopStrings implements StopCheck {

    private final Function<int[], String> decode;
    private final List<String> stops;
    private final int window;
    private int[] last = new int[0];

    /// @param decode token ids to text, special tokens included
    /// @param stops not empty
    public StopStrings(Function<int[], String> decode, List<String> stops) {
        this.decode = decode;
        this.stops = List.copyOf(stops);
        this.window = stops.stream()
                .mapToInt(stop -> stop.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElse(0);
    }

    @Override
    public boolean endsWith(int id) {
        int kept = Math.min(last.length, Math.max(0, window - 1));
        int[] now = new int[kept + 1];
        System.arraycopy(last, last.length - kept, now, 0, kept);
        now[kept] = id;
        last = now;
        if (stops.isEmpty()) {
            return false;
        }
        String text = decode.apply(now);
        return stops.stream().anyMatch(text::contains);
    }
}
