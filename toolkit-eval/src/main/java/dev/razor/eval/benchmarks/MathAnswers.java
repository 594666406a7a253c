package dev.razor.eval.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether two answers in LaTeX are the same after a normalisation of their text, as `hendrycks_math` defines it:
/// spaces, `\left`, units, degrees, percent signs and the like are taken out, `\frac12`, `\sqrt3` and `1/2` are
/// written in full, `0.5` becomes a fraction. Nothing is computed: `0.25` is not `\frac{1}{4}`.
///
/// Where the definition stops at malformed LaTeX, the two texts are compared as they are, as it does.
///
/// @see <a
/// href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/hendrycks_math">
///     the definition followed here</a>
final class MathAnswers {

    private static final String UNIT = "\\text{ ";
    private static final Pattern QUOTIENT = Pattern.compile("(0|-?[1-9]\\d*)/(0|-?[1-9]\\d*)");

    private MathAnswers() {}

    /// What a normalisation step throws where the definition's code fails.
    private static final class Malformed extends Exception {

        private static final long serialVersionUID = 1;
    }

    static boolean areEquivalent(String one, String other) {
        try {
            return normalised(one).equals(normalised(other));
        } catch (Malformed _) {
            return one.equals(other);
        }
    }

    /// The answer in a response: what stands between its first and its last `$`, or all of it where there are
    /// fewer than two.
    static String between(String response) {
        int first = response.indexOf('$');
        int last = response.lastIndexOf('$');
        return first == last ? response : response.substring(first + 1, last);
    }

    /// The content of the last `\boxed{...}` (or `\fbox`), its braces balanced; nothing where there is none.
    static Optional<String> lastBoxed(String text) {
        int spaced = text.lastIndexOf("\\boxed ");
        if (spaced >= 0) {
            return Optional.of(before(text.substring(spaced + "\\boxed ".length()), "$"));
        }
        int start = Math.max(text.lastIndexOf("\\boxed"), -1);
        start = start < 0 ? text.lastIndexOf("\\fbox") : start;
        int open = 0;
        for (int i = Math.max(start, 0); start >= 0 && i < text.length(); i++) {
            open += text.charAt(i) == '{' ? 1 : 0;
            if (text.charAt(i) == '}' && --open == 0) {
                String box = text.substring(start, i + 1);
                int brace = box.indexOf('{');
                return Optional.of(box.substring(brace + 1, box.length() - 1));
            }
        }
        return Optional.empty();
    }

    private static String normalised(String answer) throws Malformed {
        String text = answer.replace("\n", "").replace("\\!", "").replace("\\\\", "\\");
        text = text.replace("tfrac", "frac").replace("dfrac", "frac");
        text = text.replace("\\left", "").replace("\\right", "");
        text = text.replace("^{\\circ}", "").replace("^\\circ", "").replace("\\$", "");
        text = withoutUnit(text).replace("\\%", "");
        text = text.replace(" .", " 0.").replace("{.", "{0.");
        if (text.isEmpty()) {
            return text;
        }
        text = withoutName(text.startsWith(".") ? "0" + text : text);
        text = withFullRoots(text).replace(" ", "");
        text = withFullFractions(text);
        return asFraction(text.equals("0.5") ? "\\frac{1}{2}" : text);
    }

    private static String withoutUnit(String text) throws Malformed {
        int unit = text.indexOf(UNIT);
        if (unit < 0) {
            return text;
        }
        if (unit != text.lastIndexOf(UNIT)) {
            throw new Malformed();
        }
        return text.substring(0, unit);
    }

    /// `x = 5` is 5 where the name has at most two characters.
    private static String withoutName(String text) {
        int equals = text.indexOf('=');
        boolean one = equals >= 0 && equals == text.lastIndexOf('=');
        return one && text.codePointCount(0, equals) <= 2 ? text.substring(equals + 1) : text;
    }

    private static String withFullRoots(String text) throws Malformed {
        List<String> parts = List.of(text.split(Pattern.quote("\\sqrt"), -1));
        StringBuilder full = new StringBuilder(parts.getFirst());
        for (String part : parts.subList(1, parts.size())) {
            if (part.isEmpty()) {
                throw new Malformed();
            }
            full.append("\\sqrt")
                    .append(
                            part.startsWith("{")
                                    ? part
                                    : "{" + head(part, 1) + "}"
                                            + part.substring(head(part, 1).length()));
        }
        return full.toString();
    }

    private static String withFullFractions(String text) throws Malformed {
        List<String> parts = List.of(text.split(Pattern.quote("\\frac"), -1));
        StringBuilder full = new StringBuilder(parts.getFirst());
        for (String part : parts.subList(1, parts.size())) {
            if (part.isEmpty()) {
                throw new Malformed();
            }
            full.append("\\frac");
            if (part.startsWith("{")) {
                full.append(part);
                continue;
            }
            if (part.codePointCount(0, part.length()) < 2) {
                return text;
            }
            String above = head(part, 1);
            String below = head(part.substring(above.length()), 1);
            String rest = part.substring(above.length() + below.length());
            full.append('{').append(above).append('}');
            full.append(below.equals("{") ? below : "{" + below + "}").append(rest);
        }
        return full.toString();
    }

    private static String asFraction(String text) throws Malformed {
        List<String> sides = List.of(text.split("/", -1));
        if (sides.size() != 2) {
            return text;
        }
        Matcher quotient = QUOTIENT.matcher(text);
        if (quotient.matches()) {
            return "\\frac{" + quotient.group(1) + "}{" + quotient.group(2) + "}";
        }
        // The definition fails on sides that are no whole numbers, and gives back those written in another way (01/2).
        if (sides.stream().allMatch(side -> side.matches("[+-]?\\d+(?:_\\d+)*"))) {
            return text;
        }
        throw new Malformed();
    }

    private static String head(String text, int characters) {
        return text.substring(0, text.offsetByCodePoints(0, characters));
    }

    private static String before(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }
}
