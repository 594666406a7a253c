package dev.razor.core.tokenizer.jinja;

/// The text that a string literal stands for, by Python's escapes.
final class StringLiteral {

    private StringLiteral() {}

    static String unescape(String literal, int line) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < literal.length()) {
            char c = literal.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(i++);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'a' -> text.append('\u0007');
                case 'v' -> text.append('\u000B');
                case '\\', '\'', '"' -> text.append(escape);
                case '\n' -> {
                    // a backslash at the end of a line joins the lines
                }
                case 'x', 'u', 'U' -> {
                    int end = i + (escape == 'x' ? 2 : escape == 'u' ? 4 : 8);
                    text.appendCodePoint(hex(literal, i, end, line));
                    i = end;
                }
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int end = i;
                    while (end < literal.length() && end < i + 2 && "01234567".indexOf(literal.charAt(end)) >= 0) {
                        end++;
                    }
                    text.append((char) Integer.parseInt(literal.substring(i - 1, end), 8));
                    i = end;
                }
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int hex(String literal, int start, int end, int line) {
        try {
            int codePoint = Integer.parseInt(literal, start, end, 16);
            if (Character.isValidCodePoint(codePoint)) {
                return codePoint;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // told below
        }
        throw new JinjaException("an escape in the string " + Python.quote(literal) + " is not a character", line);
    }
}
