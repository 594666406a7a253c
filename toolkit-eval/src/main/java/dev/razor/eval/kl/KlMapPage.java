package dev.razor.eval.kl;

import dev.razor.core.run.OutputDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// A [KlMap] as one HTML page, with no script and nothing fetched: tokens on a ground that is the redder the
/// larger their KL, on a logarithmic scale that is the same on every page:
///
/// ```
/// strength = clamp(log10(KL / 0.001) / 4, 0, 1)            0.001 nats and less: none; 10 nats and more: full
/// ```
///
/// Pointing at a token, or walking to it by the keyboard, shows both models' guesses in its place.
public final class KlMapPage {

    private static final double LEAST = 1e-3;
    private static final double DECADES = 4;
    private static final double[] LEGEND = {0.001, 0.01, 0.1, 1, 10};

    private KlMapPage() {}

    /// Writes the page, whole or not at all.
    ///
    /// @param base the base model as the user named it
    /// @throws dev.razor.core.base.ConfigException if `target` exists or cannot be written
    public static void write(Path target, KlMap map, String base, String model) {
        OutputDirectory.publish(target, path -> Files.writeString(path, html(map, base, model)));
    }

    /// The page.
    static String html(KlMap map, String base, String model) {
        StringBuilder page = new StringBuilder();
        page.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Per-token KL</title>
                <style>
                %s%s</style>
                </head>
                <body>
                <main>
                <h1>Where the model left its base</h1>
                <p>The ground of each token is KL(base || model) of the distributions that predicted it, in nats. Point \
                at a token for what both models expected in its place. Grey tokens were not measured.</p>
                <dl><dt>base</dt><dd>%s</dd><dt>model</dt><dd>%s</dd></dl>
                """.formatted(style("map.css"), tokenStyle(), escape(base), escape(model)));
        page.append(legend()).append(texts(map));
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    /// What the colours mean, as a part of a page that has [#tokenStyle].
    public static String legend() {
        StringBuilder legend = new StringBuilder("<p class=\"legend\">");
        for (double kl : LEGEND) {
            legend.append("<span class=\"t\" style=\"--k:%s\">%s</span> ".formatted(strength(kl), number(kl)));
        }
        return legend.append("nats</p>\n").toString();
    }

    /// The coloured texts, as a part of a page that has [#tokenStyle].
    public static String texts(KlMap map) {
        StringBuilder texts = new StringBuilder();
        map.texts().forEach(text -> text(texts, text));
        return texts.toString();
    }

    /// The style of [#texts] and [#legend]; the colours `--ink`, `--soft`, `--paper`, `--line`, `--tint` and
    /// `--hot` are the page's.
    public static String tokenStyle() {
        return style("tokens.css");
    }

    private static void text(StringBuilder page, KlMap.Text text) {
        List<KlMap.Reading> readings = text.readings();
        long still =
                readings.stream().filter(reading -> reading.forwardKl() < LEAST).count();
        page.append("""
                <section>
                <h2>%s</h2>
                <p class="sums">%d tokens measured, %s nats in all, %s a token; %d of them below 0.001</p>
                <div class="text" dir="auto">""".formatted(
                        escape(text.id()),
                        readings.size(),
                        number(text.forwardKl()),
                        number(text.forwardKl() / Math.max(1, readings.size())),
                        still));
        text.tokens().forEach(token -> token(page, token));
        page.append("</div>\n</section>\n");
    }

    private static void token(StringBuilder page, KlMap.Token token) {
        String shown = escape(visible(token.text()));
        KlMap.Reading reading = token.reading();
        if (reading == null) {
            page.append("<span class=\"context\">").append(shown).append("</span>");
            return;
        }
        page.append(
                "<span class=\"t\" tabindex=\"0\" style=\"--k:%s\">%s<span class=\"tip\"><b>%s</b> KL %s, log p %s → %s (%s)"
                        .formatted(
                                strength(reading.forwardKl()),
                                shown,
                                named(token.text()),
                                number(reading.forwardKl()),
                                number(reading.baseLogProb()),
                                number(reading.modelLogProb()),
                                signed(reading.modelLogProb() - reading.baseLogProb())));
        guesses(page, "base", reading.base());
        guesses(page, "model", reading.model());
        page.append("</span></span>");
    }

    private static void guesses(StringBuilder page, String whose, List<KlMap.Guess> guesses) {
        page.append("<span class=\"row\"><i>").append(whose).append("</i>");
        for (KlMap.Guess guess : guesses) {
            page.append("<span><b>%s</b> %s</span>".formatted(named(guess.text()), percent(guess.probability())));
        }
        page.append("</span>");
    }

    /// A token by itself: what is only spaces shows them.
    private static String named(String token) {
        String shown = visible(token).replace("\n", "");
        return escape(shown.isBlank() ? shown.replace(' ', '\u2423') : shown);
    }

    private static String strength(double kl) {
        double strength = Math.log10(kl / LEAST) / DECADES;
        return String.format(Locale.ROOT, "%.3f", kl <= 0 ? 0 : Math.clamp(strength, 0, 1));
    }

    private static String number(double value) {
        return Math.abs(value) < 1e-3 && value != 0
                ? String.format(Locale.ROOT, "%.1e", value)
                : String.format(Locale.ROOT, "%.3f", value).replaceFirst("\\.?0+$", "");
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + number(value);
    }

    private static String percent(double probability) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }

    /// A text whose line breaks and tabs can be seen, and whose control characters and marks of direction cannot
    /// act.
    static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\n' -> shown.append("\u21b5\n");
                case '\t' -> shown.append('\u21e5');
                default -> {
                    if (acts(point)) {
                        shown.append("\\u%04x".formatted(point));
                    } else {
                        shown.appendCodePoint(point);
                    }
                }
            }
        });
        return shown.toString();
    }

    private static boolean acts(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /// `text` so that a browser shows it and never reads it as markup.
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String style(String name) {
        try (InputStream css = Objects.requireNonNull(KlMapPage.class.getResourceAsStream(name), name)) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
