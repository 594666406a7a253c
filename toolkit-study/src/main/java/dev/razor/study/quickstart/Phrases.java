package dev.razor.study.quickstart;

import java.util.List;

/// Fills the gaps `{0}`, `{1}`, ... of sentence templates.
final class Phrases {

    private Phrases() {}

    /// `template` with each gap replaced by the value of that index. Numbers are written in ASCII digits
    /// whatever the machine's locale, which `String.format` does not promise.
    static String fill(String template, Object... values) {
        String text = template;
        for (int i = 0; i < values.length; i++) {
            text = text.replace("{" + i + "}", values[i].toString());
        }
        return text;
    }

    /// `1, 2, 3`.
    static String joined(String separator, List<Integer> numbers) {
        return String.join(separator, numbers.stream().map(String::valueOf).toList());
    }
}
