package dev.razor.eval.benchmarks;

import dev.razor.eval.PythonStrings;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The final answer of a solution as `minerva_math` finds it, and the normalisation of its text: units, articles,
/// dollars and spaces are taken out, `\\frac12` and `\\sqrt3` written in full.
///
/// @see <a href="https://arxiv.org/abs/2206.14858">Lewkowycz et al. 2022, appendix D.1</a>
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/minerva_math">
///     the definition followed here</a>
final class MinervaAnswers {

    /// The answer of a response that has none.
    static final String INVALID = "[invalidanswer]";

    private static final String END = "I hope it is correct.";

    /// As in the definition, the two dots stand for any character.
    private static final Pattern FINAL =
            Pattern.compile("Final Answer: The final answer is(.*?). I hope it is correct.", Pattern.UNIX_LINES);

    private static final List<List<String>> SUBSTITUTIONS = List.of(
            List.of("an ", ""),
            List.of("a ", ""),
            List.of(".$", "$"),
            List.of("\\$", ""),
            List.of("\\ ", ""),
            List.of(" ", ""),
            List.of("mbox", "text"),
            List.of(",\\text{and}", ","),
            List.of("\\text{and}", ","),
            List.of("\\text{m}", "\\text{}"));

    private static final List<String> REMOVED = List.of(
            "square",
            "ways",
            "integers",
            "dollars",
            "mph",
            "inches",
            "ft",
            "hours",
            "km",
            "units",
            "\\ldots",
            "sue",
            "points",
            "feet",
            "minutes",
            "digits",
            "cents",
            "degrees",
            "cm",
            "gm",
            "pounds",
            "meters",
            "meals",
            "edges",
            "students",
            "childrentickets",
            "multiples",
            "\\text{s}",
            "\\text{.}",
            "\\text{\ns}",
            "\\text{}^2",
            "\\text{}^3",
            "\\text{\n}",
            "\\text{}",
            "\\mathrm{th}",
            "^\\circ",
            "^{\\circ}",
            "\\;",
            ",\\!",
            "{,}",
            "\"",
            "\\dots");

    private static final Pattern MATH = Pattern.compile("(.*?)\\$(.*?)\\$(.*)", Pattern.UNIX_LINES);
    private static final Pattern WRAPPED = Pattern.compile("\\\\text\\{(.*?)}", Pattern.UNIX_LINES);
    private static final Pattern BOLD = Pattern.compile("\\\\textbf\\{(.*?)}", Pattern.UNIX_LINES);
    private static final Pattern OVERLINE = Pattern.compile("\\\\overline\\{(.*?)}", Pattern.UNIX_LINES);
    private static final Pattern BOXED = Pattern.compile("\\\\boxed\\{(.*)}", Pattern.UNIX_LINES);
    private static final Pattern FRACTION = Pattern.compile("frac([^{])(.)", Pattern.UNIX_LINES);
    private static final Pattern ROOT = Pattern.compile("sqrt([^{])");

    private MinervaAnswers() {}

    /// What the response's last sentence, `Final Answer: The final answer is ... I hope it is correct.`, says;
    /// the first such sentence counts.
    static String found(String response) {
        Matcher matcher = FINAL.matcher(response + END);
        return matcher.find() ? PythonStrings.strip(matcher.group(1)) : INVALID;
    }

    /// The answer with what does not change its meaning taken out, in the definition's order.
    static String normalised(String answer) {
        String text = answer.substring(answer.lastIndexOf('=') + 1);
        for (List<String> each : SUBSTITUTIONS) {
            text = text.replace(each.getFirst(), each.getLast());
        }
        for (String each : REMOVED) {
            text = text.replace(each, "");
        }
        text = MATH.matcher(text).replaceAll("\\$$2\\$");
        for (Pattern wrapper : List.of(WRAPPED, BOLD, OVERLINE, BOXED)) {
            text = wrapper.matcher(text).replaceAll("$1");
        }
        text = FRACTION.matcher(text).replaceAll("frac{$1}{$2}");
        text = ROOT.matcher(text).replaceAll("sqrt{$1}").replace("$", "");
        String joined = text.replace(",", "");
        return !joined.isEmpty() && joined.codePoints().allMatch(Character::isDigit) ? joined : text;
    }
}
