package dev.razor.study.quickstart;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The standard world, made once for all tests, and small readers of its text that know nothing of its templates.
final class World {

    static final QuickstartWorld STANDARD = new QuickstartWorld(QuickstartWorld.Recipe.standard());

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private World() {}

    static Skill skill(String name) {
        return STANDARD.skills().stream()
                .filter(skill -> skill.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Lines of the pre-training text that belong to one skill.
    static List<String> documents(String skill, int count) {
        SplitMix64 draw = new SplitMix64(7);
        return Stream.generate(() -> skill(skill).document(draw)).limit(count).toList();
    }

    /// A question with its right answer, as the pre-training text would write it.
    static String line(Question question) {
        return question.query() + " " + question.answer();
    }

    /// The numbers in a text, in order.
    static List<Integer> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(found -> Integer.parseInt(found.group()))
                .toList();
    }

    static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(text + " has no " + pattern);
        }
        return matcher.group(1);
    }
}
