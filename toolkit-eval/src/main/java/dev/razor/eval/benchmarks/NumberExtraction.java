package dev.razor.eval.benchmarks;

import dev.razor.eval.PythonStrings;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The number that an answer gives, and whether it is the right one, as GSM8K's tasks define it:
///
/// ```
/// strict-match      the first match of the task's own pattern
/// flexible-extract  the last match of  (-?[$0-9.,]{2,})|(-?[0-9]+)
/// exact_match       lower(clean(extracted)) == lower(clean(target))
/// clean             without ",", without "$", without all up to "#### ", without a last "."
/// ```
///
/// Where nothing matches, `[invalid]` is compared.
final class NumberExtraction {

    private static final String NOTHING = "[invalid]";
    private static final Pattern FLEXIBLE = Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)");
    private static final List<Pattern> IGNORED = List.of(
            Pattern.compile(","),
            Pattern.compile("\\$"),
            Pattern.compile("(?s).*#### "),
            Pattern.compile("\\.$", Pattern.UNIX_LINES));

    private NumberExtraction() {}

    /// The first group of the first match.
    static String first(Pattern pattern, String answer) {
        Matcher matcher = pattern.matcher(answer);
        return matcher.find() ? PythonStrings.strip(matcher.group(1)) : NOTHING;
    }

    /// The last number, or what looks like one.
    static String last(String answer) {
        Matcher matcher = FLEXIBLE.matcher(answer);
        @Nullable String found = null;
        while (matcher.find()) {
            found = matcher.group();
        }
        return found == null ? NOTHING : PythonStrings.strip(found);
    }

    static boolean isExactMatch(String extracted, String target) {
        return clean(extracted).equals(clean(target));
    }

    private static String clean(String text) {
        String cleaned = text;
        for (Pattern pattern : IGNORED) {
            cleaned = pattern.matcher(cleaned).replaceAll("");
        }
        return cleaned.toLowerCase(Locale.ROOT);
    }
}
