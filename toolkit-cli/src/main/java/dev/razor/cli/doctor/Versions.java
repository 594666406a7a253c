package dev.razor.cli.doctor;

import java.util.Arrays;

/// Versions of numbers with points between.
final class Versions {

    private Versions() {}

    /// Whether `version` is `least` or later, number by number; what is no number counts as 0.
    static boolean atLeast(String version, String least) {
        return Arrays.compare(numbers(version), numbers(least)) >= 0;
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.", -1))
                .mapToInt(part -> part.matches("\\d{1,8}") ? Integer.parseInt(part) : 0)
                .toArray();
    }
}
