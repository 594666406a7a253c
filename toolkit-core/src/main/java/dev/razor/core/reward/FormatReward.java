package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// One for a completion of a given form, else zero, whatever it says; meant to be added to a verifier's reward
/// with a small weight. It reads nothing of the record.
///
/// @param name the name in a configuration
/// @param form whether a completion has the form
record FormatReward(String name, Predicate<String> form) implements Reward {

    private static final Pattern TAGS = Pattern.compile("</?(?:think|reasoning|answer)>");

    @Override
    public void require(JsonRecord record) {}

    @Override
    public double score(JsonRecord record, String completion) {
        return form.test(completion) ? 1 : 0;
    }

    /// The whole text is `<FIRST>...</FIRST>`, white space, `<answer>...</answer>`, each tag once.
    static FormatReward tagged(String name, String first) {
        String open = "<" + first + ">";
        String close = "</" + first + ">";
        return new FormatReward(name, text -> {
            String body = PythonText.strip(text);
            int end = body.indexOf(close);
            if (!body.startsWith(open) || end < 0 || !body.endsWith("</answer>")) {
                return false;
            }
            String rest = PythonText.strip(body.substring(end + close.length()));
            return rest.startsWith("<answer>")
                    && TAGS.matcher(body).results().count() == 4
                    && body.indexOf("<answer>") > end;
        });
    }
}
