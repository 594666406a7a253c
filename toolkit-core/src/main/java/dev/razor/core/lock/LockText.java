package dev.razor.core.lock;

import dev.razor.core.lock.CacheCheck.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a lock file, line by line: what is a value there, and what is a comment or stands in quotes.
final class LockText {

    private static final Pattern ENTRY = Pattern.compile(" {1,8}([a-z0-9][a-z0-9._-]*):\\s*");
    private static final Pattern FILE = Pattern.compile("\\bpath:\\s*[\"']?([A-Za-z0-9_+=@./-]+)[\"']?\\s*(,|}|$)");
    private static final String NULL = ":\\s*(null|~)(?=\\s*(,|}|$))";
    private static final Pattern BYTES = Pattern.compile("\\bbytes" + NULL);
    private static final Pattern SHA256 = Pattern.compile("\\bsha256" + NULL);

    private LockText() {}

    /// `text` with `found` (by path) where the lines of the entry `name` have `null`.
    static String filled(String text, String name, Map<String, Found> found) {
        boolean inEntry = false;
        String path = null;
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String bare = bare(line);
            Matcher head = ENTRY.matcher(bare);
            if (head.matches() && !head.group(1).matches("files|addresses")) {
                inEntry = head.group(1).equals(name);
                path = null;
            }
            Matcher file = FILE.matcher(bare);
            if (inEntry && file.find()) {
                path = line.substring(file.start(1), file.end(1));
            }
            Found values = path == null ? null : found.get(path);
            lines.add(values == null ? line : filled(line, values));
        }
        return String.join("\n", lines);
    }

    private static String filled(String line, Found values) {
        return put(put(line, BYTES, Long.toString(values.bytes())), SHA256, values.sha256());
    }

    private static String put(String line, Pattern key, String value) {
        Matcher found = key.matcher(bare(line));
        return found.find() ? line.substring(0, found.start(1)) + value + line.substring(found.end(1)) : line;
    }

    /// The line without its comment, and with `_` for what stands in quotes: each letter stays at its place.
    private static String bare(String line) {
        StringBuilder bare = new StringBuilder();
        char quote = 0; // 0: none is open
        for (int i = 0; i < line.length(); i++) {
            char letter = line.charAt(i);
            if (quote == 0) {
                boolean first = i == 0 || " \t[{,".indexOf(line.charAt(i - 1)) >= 0;
                if (first && letter == '#') {
                    break;
                }
                quote = first && (letter == '"' || letter == '\'') ? letter : 0;
                bare.append(letter);
            } else if (isEscaped(line, i, quote)) {
                bare.append("__");
                i++;
            } else if (letter == quote) {
                bare.append(letter);
                quote = 0;
            } else {
                bare.append('_');
            }
        }
        return bare.toString();
    }

    /// Whether the letter at `i` and the next one are one letter in quotes: `\"` or `''`.
    private static boolean isEscaped(String line, int i, char quote) {
        char sign = quote == '"' ? '\\' : '\'';
        return line.charAt(i) == sign && i + 1 < line.length() && (sign == '\\' || line.charAt(i + 1) == sign);
    }
}
