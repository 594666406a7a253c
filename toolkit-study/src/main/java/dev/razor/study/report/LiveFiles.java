package dev.razor.study.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Answers for a [LiveReport]: the page, its version, its figures, and of the run directory's files those that
/// the page links to, by name, and no others. Weights, checkpoints and whatever else lies there cannot be had.
///
/// It answers only those who call it by this machine's own names: a page from elsewhere whose host name was made
/// to point here cannot read the report.
record LiveFiles(Path directory, Supplier<LiveReport.Edition> edition) implements HttpHandler {

    private static final Pattern LOCAL = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private static final Pattern FILE = Pattern.compile(
            "/(points\\.csv|fits\\.json|study\\.json|runs/[^/\\\\]+/(metrics\\.jsonl|completions\\.jsonl|config\\.yaml))");
    private static final Map<String, String> TYPES = Map.of(
            "png", "image/png", "svg", "image/svg+xml", "json", "application/json", "html", "text/html; charset=utf-8");

    /// What is sent: bytes, or a file's.
    private sealed interface Body {

        record Bytes(String type, byte[] bytes) implements Body {}

        record OfFile(String type, Path file) implements Body {}
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            if (host == null || !LOCAL.matcher(host).matches()) {
                refuse(exchange, 403, "this report answers to localhost alone");
                return;
            }
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                refuse(exchange, 405, "this report can only be read");
                return;
            }
            switch (body(exchange.getRequestURI().getPath())) {
                case Body.Bytes(var type, var bytes) -> {
                    begin(exchange, type, 200, bytes.length);
                    exchange.getResponseBody().write(method.equals("HEAD") ? new byte[0] : bytes);
                }
                case Body.OfFile(var type, var file) -> {
                    // as long as it is: a running study makes its files longer
                    begin(exchange, type, 200, 0);
                    if (method.equals("GET")) {
                        Files.copy(file, exchange.getResponseBody());
                    }
                }
                case null -> refuse(exchange, 404, "there is no such file in this report");
            }
        }
    }

    /// What lies at `path`; nothing where no file can have that name.
    private @Nullable Body body(String path) throws IOException {
        try {
            return found(path);
        } catch (InvalidPathException _) {
            return null;
        }
    }

    private @Nullable Body found(String path) throws IOException {
        LiveReport.Edition now = edition.get();
        if (path.equals("/") || path.equals("/report.html")) {
            return new Body.Bytes(type("html"), now.page());
        }
        if (path.equals("/version")) {
            return new Body.Bytes(type("txt"), now.version().getBytes(StandardCharsets.UTF_8));
        }
        if (path.startsWith("/figures/")) {
            byte[] picture = now.figures().get(path.substring("/figures/".length()));
            return picture == null ? null : new Body.Bytes(type(path), picture);
        }
        Path file = directory.resolve(path.substring(1)).normalize();
        boolean isListed = FILE.matcher(path).matches() && !path.contains("/../") && !path.contains("/./");
        // the real place: a link in the directory may lead out of it
        return isListed && Files.isRegularFile(file) && file.toRealPath().startsWith(directory.toRealPath())
                ? new Body.OfFile(type(path), file)
                : null;
    }

    private static String type(String name) {
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain; charset=utf-8");
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        byte[] bytes = (why + "\n").getBytes(StandardCharsets.UTF_8);
        begin(exchange, type("txt"), status, bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void begin(HttpExchange exchange, String type, int status, long length) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, exchange.getRequestMethod().equals("HEAD") ? -1 : length);
    }
}
