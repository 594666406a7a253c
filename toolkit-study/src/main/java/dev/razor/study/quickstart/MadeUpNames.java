package dev.razor.study.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Different pronounceable names after a pattern of consonants (`C`) and vowels (`v`).
final class MadeUpNames {

    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";

    private final SplitMix64 draw;

    MadeUpNames(SplitMix64 draw) {
        this.draw = draw;
    }

    List<String> next(String pattern, int count) {
        List<String> names = new ArrayList<>();
        while (names.size() < count) {
            String name = name(pattern);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    private String name(String pattern) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            String from = pattern.charAt(i) == 'C' ? CONSONANTS : VOWELS;
            letters.append(from.charAt(draw.nextInt(from.length())));
        }
        return letters.substring(0, 1).toUpperCase(Locale.ROOT) + letters.substring(1);
    }
}
