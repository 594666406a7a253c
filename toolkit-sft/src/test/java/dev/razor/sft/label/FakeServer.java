package dev.razor.sft.label;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A server of chat completions on this machine that does what a test wants.
final class FakeServer implements AutoCloseable {

    /// What came in.
    ///
    /// @param authorization the header, or null
    /// @param nth how often its question had come in before
    record Request(String path, @Nullable String authorization, JsonNode body, int nth) {

        /// The last message's text.
        String question() {
            return question(body);
        }

        private static String question(JsonNode body) {
            JsonNode messages = body.path("messages");
            return messages.path(messages.size() - 1).path("content").asString("");
        }
    }

    /// Answers a request; `number` counts all of them, from 0.
    @FunctionalInterface
    interface Behaviour {

        void answer(int number, Request request, HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    FakeServer(Behaviour behaviour) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes = exchange.getRequestBody().readAllBytes();
                JsonNode body = JsonMapper.shared().readTree(bytes.length == 0 ? new byte[] {'{', '}'} : bytes);
                Request request;
                int number;
                synchronized (requests) {
                    number = requests.size();
                    long nth = requests.stream()
                            .filter(one -> one.question().equals(Request.question(body)))
                            .count();
                    request = new Request(
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            body,
                            (int) nth);
                    requests.add(request);
                }
                behaviour.answer(number, request, exchange);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    /// The base URL.
    String url() {
        return "http://localhost:%d/v1".formatted(server.getAddress().getPort());
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /// Answers with a completion that ended by itself.
    static void says(HttpExchange exchange, String content) throws IOException {
        says(exchange, content, "stop");
    }

    static void says(HttpExchange exchange, @Nullable String content, String finishReason) throws IOException {
        ObjectNode reply = JsonMapper.shared().createObjectNode();
        ObjectNode choice = reply.putArray("choices").addObject();
        choice.putObject("message").put("role", "assistant").put("content", content);
        choice.put("finish_reason", finishReason);
        sends(exchange, 200, reply.toString());
    }

    static void sends(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
