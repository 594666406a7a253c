package dev.razor.eval.ifeval;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Whether a word with an end sign ends a sentence, by the second half of Punkt:
///
/// 1. `?`, `!` and a lone `.` end a sentence; so does a word with a period that is no abbreviation.
/// 2. An abbreviation or `...` ends one too if the next word is capitalised though it is usually not.
/// 3. An initial or a number with a period does not, if the next word begins in lower case or is a comma and the
///    like; nor does an initial before a capitalised word that is not usually in lower case.
///
/// Punkt learns its abbreviations and its usually lower-case words from newspapers; here both are short lists of
/// ours.
final class SentenceEnd {

    private static final Pattern SPACES = Pattern.compile("\\s+");

    /// What Punkt's English takes for one: titles, companies, months, days, states, countries. Not `etc`, `e.g`
    /// or `no`.
    private static final Set<String> ABBREVIATIONS = words("""
            adm col dr gen lt maj messrs mr mrs ms prof rep reps sen sr jr ph.d
            bros chg cie co conn corp cos inc ltd p.a.m
            jan feb aug sep sept oct nov dec tues wed fri a.m p.m a.d yr
            ala ariz calif colo fla ga ill kan ky mich minn nev okla ok ore pa tenn va vt wash wis w.va
            d.c l.a n.c n.d n.h n.j n.m n.v n.y r.i s.c u.k u.n u.s u.s.a u.s.s.r
            c d e f g h k l m n p r s t v w ave ct ft mg st sw vs b.v s.a s.p.a j.p j.k j.r j.c r.j m.j""");

    private static final Set<String> USUALLY_LOWER = words("""
            a about above after again all also although always an and another any anyone are as at be because been
            before being below between both but by can could did do does during each either even every everyone few
            finally first for from furthermore had has have he her here hers his how however i'm if in instead into is
            it its it's just last later let's like many maybe meanwhile more moreover most much my neither next no
            none nor not nothing now of often on once one only or other others our over perhaps please she should
            since so some someone something sometimes soon still such than that the their them then there therefore
            these they they're this those though through thus to today together too two under until up upon was we
            we're well were what when where whether which while who why will with within without would yes yet you
            you're your""");

    private static final String SIGN = "[\\);}\\]\\*:@\\({\\[?!\"'\u2018\u2019\u201c\u201d\u00ab\u00bb]";
    private static final String DOTS = "(?:-{2,}|\\.{2,}|(?:\\.\\s){2,}\\.)";
    private static final Pattern TOKEN = PythonPattern.of(DOTS
            + "|(?=[^\\(\"`{\\[:;&#\\*@\\)}\\]\\-,])\\S+?(?=\\s|$|" + SIGN + "|" + DOTS + "|,(?=$|\\s|" + SIGN + "|"
            + DOTS
            + "))|\\S");
    private static final Pattern NUMBER = PythonPattern.of("-?[.,]?\\d[\\d,.\\-]*\\.?");
    private static final Pattern INITIAL = PythonPattern.of("[\\p{L}_]\\.");
    private static final Pattern DOTS_ONLY = PythonPattern.of("\\.\\.+");

    private SentenceEnd() {}

    private static Set<String> words(String text) {
        return SPACES.splitAsStream(text).collect(Collectors.toUnmodifiableSet());
    }

    /// Whether a sentence ends within `context`, a word with an end sign and what follows it.
    static boolean isWithin(String context) {
        List<String> tokens = new ArrayList<>();
        PythonText.split(context, "\n").forEach(line -> {
            Matcher matcher = TOKEN.matcher(line);
            while (matcher.find()) {
                tokens.add(matcher.group());
            }
        });
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (ends(tokens.get(i), tokens.get(i + 1))) {
                return true;
            }
        }
        return false;
    }

    private static boolean ends(String token, String next) {
        if (token.equals("?") || token.equals("!") || token.equals(".")) {
            // A lone period is no initial and no number: nothing below speaks against it.
            return true;
        }
        boolean dots = DOTS_ONLY.matcher(token).matches();
        if (!token.endsWith(".")) {
            return false;
        }
        boolean initial = INITIAL.matcher(token).matches();
        boolean ends = !dots && !token.endsWith("..") && !isAbbreviation(token);
        boolean abbreviated = dots || (!token.endsWith("..") && !ends);
        Start start = Start.of(next);
        if (abbreviated && !initial && start == Start.YES) {
            ends = true;
        }
        if (initial || NUMBER.matcher(token).matches()) {
            boolean name = initial && start == Start.UNKNOWN && Character.isUpperCase(next.codePointAt(0));
            ends = ends && start != Start.NO && !name;
        }
        return ends;
    }

    private static boolean isAbbreviation(String token) {
        String word = PythonText.lower(token.substring(0, token.length() - 1));
        return ABBREVIATIONS.contains(word) || ABBREVIATIONS.contains(word.substring(word.lastIndexOf('-') + 1));
    }

    /// Whether a word looks like the first of a sentence.
    private enum Start {
        YES,
        NO,
        UNKNOWN;

        static Start of(String token) {
            int first = token.codePointAt(0);
            if (token.length() == 1 && ";:,.!?".indexOf(first) >= 0) {
                return NO;
            }
            if (Character.isUpperCase(first)) {
                // The period of a word that is a sentence of its own is no part of it, that of an abbreviation is.
                boolean sentence = token.endsWith(".") && !token.endsWith("..") && !isAbbreviation(token);
                String word = PythonText.lower(sentence ? token.substring(0, token.length() - 1) : token);
                return USUALLY_LOWER.contains(word) ? YES : UNKNOWN;
            }
            return Character.isLowerCase(first) ? NO : UNKNOWN;
        }
    }
}
