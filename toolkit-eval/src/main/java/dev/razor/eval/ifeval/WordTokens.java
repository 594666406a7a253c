package dev.razor.eval.ifeval;

import java.util.regex.Pattern;

/// Words in capital letters, counted as NLTK's `word_tokenize` parts them: hyphens, slashes and single periods do
/// not part a word, other signs do, and so do the beginnings of `'s`, `n't` and their like: `IT'S` is two words
/// in capital letters, `AT&T` is two.
///
/// Whether signs without a letter are words of their own makes no difference here, so that only what parts
/// letters from letters is done.
final class WordTokens {

    private static final Pattern LAST_PERIOD = PythonPattern.of("(?<=[^.])\\.(?=[\\]\\)}>\"'\u00bb\u201d\u2019\\s]*$)");
    private static final Pattern SIGN = PythonPattern.of("[:,](?=[^\\d]|$)|--|''|\\.{2,}"
            + "|[\u00ab\u201c\u2018\u201e\u00bb\u201d\u2019`;@#$%&?!*\"<>\\[\\]\\(\\){}\u2012-\u2015]");
    private static final Pattern CLITIC = PythonPattern.of("(?<=[^' ])(?='[sSmMdD] )");
    private static final Pattern LONG_CLITIC = PythonPattern.of("(?<=[^' ])(?=(?:'ll|'LL|'re|'RE|'ve|'VE|n't|N'T) )");
    private static final Pattern TWO_WORDS = PythonPattern.ignoringCase("\\b(can|d|gim|gon|got|lem|more|wan)"
            + "(?=(?:(?<=can)not|(?<=d)'ye|(?<=gim)me|(?<=gon)na|(?<=got)ta|(?<=lem)me|(?<=more)'n)\\b|(?<=wan)na\\s)");
    private static final Pattern SPACES = PythonPattern.of("\\s+");

    private WordTokens() {}

    /// How many words are in capital letters.
    static int upper(String text) {
        return Math.toIntExact(Sentences.split(text).stream()
                .mapToLong(WordTokens::upperInSentence)
                .sum());
    }

    private static long upperInSentence(String sentence) {
        String spaced = LAST_PERIOD.matcher(sentence).replaceFirst(" . ");
        spaced = SIGN.matcher(spaced).replaceAll(" $0 ");
        spaced = SPACES.matcher(" " + spaced + " ").replaceAll(" ");
        spaced = CLITIC.matcher(spaced).replaceAll(" ");
        spaced = LONG_CLITIC.matcher(spaced).replaceAll(" ");
        spaced = TWO_WORDS.matcher(spaced).replaceAll("$1 ");
        return SPACES.splitAsStream(spaced).filter(PythonText::isUpper).count();
    }
}
