package dev.razor.study.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The page's style and scripts, read from the class path and put into the page.
final class Resources {

    /// Chart.js, MIT licence, as its WebJar holds it.
    private static final String CHART = "/META-INF/resources/webjars/chart.js/4.5.1/";

    private Resources() {}

    static String style() {
        return read("report.css");
    }

    /// The chart library under its licence, without the address of its source map, which a browser would ask for.
    static String charts() {
        String library = read(CHART + "dist/chart.umd.min.js").replaceAll("(?m)^//# sourceMappingURL=.*$", "");
        return inScript("/*\n" + read(CHART + "LICENSE.md") + "*/\n" + library);
    }

    static String script() {
        return inScript(read("report.js"));
    }

    /// A script that no text in it ends early.
    private static String inScript(String script) {
        return script.replace("</script", "<\\/script");
    }

    private static String read(String name) {
        try (InputStream stream = Objects.requireNonNull(Resources.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
