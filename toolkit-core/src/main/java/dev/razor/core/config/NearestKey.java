package dev.razor.core.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Guesses which key a user meant by one that does not exist.
public final class NearestKey {

    /// Shorter words are part of too many keys for that to mean anything.
    private static final int SHORTEST_PART = 4;

    private NearestKey() {}

    /// The key that is spelt most like `word`, or null when none is near. The first of equals wins.
    public static @Nullable String of(String word, List<String> keys) {
        String plain = plain(word);
        String nearest = null;
        int smallest = Integer.MAX_VALUE;
        for (String key : keys) {
            int distance = distance(plain, plain(key));
            if (distance < smallest && distance <= Math.max(1, plain(key).length() / 4)) {
                smallest = distance;
                nearest = key;
            }
        }
        if (nearest != null || plain.length() < SHORTEST_PART) {
            return nearest;
        }
        return keys.stream()
                .filter(key -> plain(key).contains(plain))
                .findFirst()
                .orElse(null);
    }

    /// Spelling apart from `learningRate`, `learning-rate` and `learning_rate`.
    private static String plain(String key) {
        return key.replaceAll("[_\\-. ]", "").toLowerCase(Locale.ROOT);
    }

    /// Levenshtein's distance: how many letters to insert, delete or replace. One row of the table is kept.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
