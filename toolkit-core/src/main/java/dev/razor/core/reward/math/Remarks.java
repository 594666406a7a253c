package dev.razor.core.reward.math;

import java.util.Set;

/// Knows the words of an answer that are no mathematics: units, remarks in `\text{}`, "and" and "or".
final class Remarks {

    /// Commands whose argument is text.
    static final Set<String> TEXTS = Set.of(
            "text",
            "textbf",
            "textit",
            "textrm",
            "mathrm",
            "mathbf",
            "mathit",
            "mbox",
            "operatorname",
            "mathbb",
            "mathcal");

    private static final Set<String> UNITS =
            Set.of("cm", "mm", "km", "kg", "mg", "ml", "mL", "ft", "lb", "oz", "hr", "mi", "pm", "am");

    static final Set<String> CONJUNCTIONS = Set.of("and", "or");

    private final Cursor in;

    Remarks(Cursor in) {
        this.in = in;
    }

    /// Goes past a unit or a remark after a factor: `\text{ cm}^2`, or the word in `12 apples`.
    boolean unit() {
        String name = in.command();
        if (TEXTS.contains(name) && !isConjunction(name)) {
            in.advance(1 + name.length());
            in.raw();
        } else {
            String letters = in.letters();
            boolean word = (letters.length() > 2 && Character.isWhitespace(in.before())) || UNITS.contains(letters);
            if (!word
                    || Function.named(letters) != null
                    || CONJUNCTIONS.contains(letters)
                    || AtomReader.isPlain(letters)) {
                return false;
            }
            in.advance(letters.length());
        }
        if (in.take("^")) {
            in.raw();
        }
        return true;
    }

    /// Goes past "and" or "or".
    boolean conjunction() {
        String name = in.command();
        if (isConjunction(name)) {
            in.advance(1 + name.length());
            in.raw();
            return true;
        }
        in.skipSpaces();
        if (CONJUNCTIONS.contains(in.letters())) {
            in.advance(in.letters().length());
            return true;
        }
        return false;
    }

    /// Whether the command `name`, which stands next, is a text that says "and" or "or".
    boolean isConjunction(String name) {
        if (!TEXTS.contains(name)) {
            return false;
        }
        int mark = in.mark();
        in.advance(1 + name.length());
        boolean is = in.peek() == '{' && CONJUNCTIONS.contains(in.raw());
        in.back(mark);
        return is;
    }
}
