package dev.razor.cli.verify;

import java.util.Arrays;

/// Counts what is not exactly as it must be, and remembers the first.
final class Differences {

    private static final int LONGEST_SHOWN = 60;
    private static final double ROUNDING = 1e-9;

    private int compared;
    private int count;
    private String first = "";

    void compare(String where, Object actual, Object expected) {
        compared++;
        if (!actual.equals(expected)) {
            note("%s: got %s, expected %s".formatted(where, shown(actual), shown(expected)));
        }
    }

    void compare(String where, int[] actual, int[] expected) {
        compared++;
        if (!Arrays.equals(actual, expected)) {
            int at = Math.max(0, Arrays.mismatch(actual, expected));
            note("%s: from token %d on got %s, expected %s".formatted(where, at, from(actual, at), from(expected, at)));
        }
    }

    /// Compares means of equal flags, which differ at most by the rounding of a division.
    void compareClose(String where, double actual, double expected) {
        compared++;
        if (!(Math.abs(actual - expected) <= ROUNDING)) {
            note("%s: got %s, expected %s".formatted(where, actual, expected));
        }
    }

    private void note(String difference) {
        count++;
        if (first.isEmpty()) {
            first = difference;
        }
    }

    private static String from(int[] ids, int start) {
        return shown(Arrays.toString(Arrays.copyOfRange(ids, Math.min(start, ids.length), ids.length)));
    }

    private static String shown(Object value) {
        String text = value.toString().replace("\n", "\\n");
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    /// How many comparisons were made.
    int compared() {
        return compared;
    }

    /// How many of them failed.
    int count() {
        return count;
    }

    /// The first that failed, or nothing.
    String first() {
        return first;
    }
}
