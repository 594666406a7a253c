package dev.razor.core.reward.math;

import java.util.Set;

/// Reads what follows a variable's letter: subscripts, primes, and the arguments of a function's name.
final class NameReader {

    private final Cursor in;

    NameReader(Cursor in) {
        this.in = in;
    }

    /// A name with its subscript, its primes and, for a function's name, its arguments.
    Expression read(String letter) {
        StringBuilder name = new StringBuilder(letter);
        while (in.look(0) == '_' || in.look(0) == '\'') {
            boolean subscript = in.look(0) == '_';
            in.advance(1);
            name.append(subscript ? "_" + plain(in.raw()) : "'");
        }
        if (name.length() == 1 && letter.equals("e")) {
            return Expression.Constant.E;
        }
        if (name.length() == 1 && letter.equals("i")) {
            return Expression.Constant.I;
        }
        if (in.look(0) == '(' && !letter.isEmpty() && Cursor.isLetter(letter.charAt(letter.length() - 1))) {
            String arguments = arguments();
            if (letter.equals("f") || letter.equals("g") || letter.equals("h") || defines(arguments)) {
                in.advance(arguments.length());
                name.append(plain(arguments));
            }
        }
        return new Expression.Symbol(name.toString());
    }

    /// The text from the bracket that opens here to the one that closes it.
    private String arguments() {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int i = 0; in.look(i) != 0; i++) {
            char c = in.look(i);
            text.append(c);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return text.toString();
            }
        }
        throw new Unreadable("a bracket that is not closed");
    }

    /// Whether `P(x)` stands before an equals sign, so that it is no product.
    private boolean defines(String arguments) {
        int after = arguments.length();
        while (in.look(after) == ' ') {
            after++;
        }
        return in.look(after) == '=' && arguments.matches("\\(\\s*[a-z](\\s*,\\s*[a-z])*\\s*\\)");
    }

    /// Greek letters, which are variables; pi is a number.
    static boolean isLetterName(String name) {
        return Set.of(
                        "alpha",
                        "beta",
                        "gamma",
                        "delta",
                        "epsilon",
                        "varepsilon",
                        "zeta",
                        "eta",
                        "theta",
                        "vartheta",
                        "iota",
                        "kappa",
                        "lambda",
                        "mu",
                        "nu",
                        "xi",
                        "rho",
                        "sigma",
                        "tau",
                        "phi",
                        "varphi",
                        "chi",
                        "psi",
                        "omega",
                        "Gamma",
                        "Delta",
                        "Theta",
                        "Lambda",
                        "Xi",
                        "Pi",
                        "Sigma",
                        "Phi",
                        "Psi",
                        "Omega")
                .contains(name);
    }

    /// A subscript or text without braces and spaces.
    static String plain(String raw) {
        return raw.replaceAll("\\\\(text|mathrm)|[\\s{}]", "");
    }
}
