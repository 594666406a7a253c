package dev.razor.sft.label;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Asks an OpenAI-compatible server for chat completions, one a request.
///
/// What may pass is tried again: too many requests (429), 408, 425, the server's failures (5xx), time-outs and
/// broken connections, after the wait of [RetryDelay]. What will not pass (400, 401, 404, a used-up quota, a
/// redirect) ends the run with the server's words. Redirects are not followed, so that the key reaches nobody
/// else. Answers that are none cost their sample; when many requests in a row fail, the run ends too.
final class EndpointClient implements AutoCloseable {

    private static final int LARGEST_ANSWER = 8 << 20;
    private static final int MOST_FAILURES_IN_A_ROW = 8;

    private final URI address;
    private final @Nullable String key;
    private final String keyName;
    private final Duration timeout;
    private final int maxRetries;
    private final int mostFailures;
    private final RetryDelay delay;
    private final HttpClient client;
    private final AtomicBoolean reached = new AtomicBoolean();
    private final AtomicInteger failuresInARow = new AtomicInteger();

    /// @param key sent as the bearer of each request; null sends none
    EndpointClient(LabelConfig config, @Nullable String key, RetryDelay delay) {
        String base = Objects.requireNonNull(config.endpoint()).replaceFirst("/+$", "");
        this.address = URI.create(base + "/chat/completions");
        this.key = key == null || key.isBlank() ? null : key.strip();
        this.keyName = config.endpointKeyEnv();
        this.timeout = Duration.ofMillis(Math.round(1000 * config.requestTimeout()));
        this.maxRetries = config.maxRetries();
        this.mostFailures = MOST_FAILURES_IN_A_ROW + config.concurrency();
        this.delay = delay;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /// What one request came to: an answer, or why it may pass if it is tried again.
    private record Attempt(@Nullable Sample sample, String reason, Duration pause) {}

    /// The server's answer; one of [Sample.Ending#FAILED] where there was none in spite of all attempts.
    ///
    /// @throws ConfigException if the server cannot be asked any more
    Sample complete(ObjectNode body) throws InterruptedException {
        HttpRequest request = request(body.toString());
        String reason = "";
        for (int attempt = 0; attempt <= maxRetries; attempt++) {
            Attempt result = attempt(request);
            if (result.sample() != null) {
                return counted(result.sample(), "its answers hold no text");
            }
            reason = result.reason();
            if (attempt < maxRetries) {
                delay.await(attempt, result.pause());
            }
        }
        return counted(Sample.failed(), reason);
    }

    private Sample counted(Sample sample, String reason) {
        if (sample.ending() != Sample.Ending.FAILED) {
            failuresInARow.set(0);
        } else if (failuresInARow.incrementAndGet() >= mostFailures) {
            throw problem("%d requests in a row failed, the last because %s; see to the server"
                    .formatted(mostFailures, reason));
        }
        return sample;
    }

    private HttpRequest request(String body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            try {
                builder.header("Authorization", "Bearer " + key);
            } catch (IllegalArgumentException _) {
                // the exception's words hold the key
                throw new ConfigException("endpoint_key_env: the key in %s has characters that no key has; set it again"
                        .formatted(keyName));
            }
        }
        return builder.build();
    }

    private Attempt attempt(HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            reached.set(true);
            return judge(response);
        } catch (TimeoutException _) {
            return passing("there was no answer within %s s".formatted(timeout.toMillis() / 1000.0));
        } catch (ExecutionException e) {
            return passing(e.getCause());
        } finally {
            pending.cancel(true);
        }
    }

    private Attempt judge(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        EndpointReply reply = new EndpointReply(new String(response.body(), StandardCharsets.UTF_8));
        if (status == 200) {
            return new Attempt(reply.sample(), "", Duration.ZERO);
        }
        String words = hidden(reply.problem());
        if (status / 100 == 3) {
            String to = hidden(response.headers().firstValue("location").orElse("nowhere"));
            throw problem("answered %d, a redirect to %s; give that address if you trust it".formatted(status, to));
        }
        boolean passing = status == 408 || status == 425 || status == 429 || status >= 500;
        if (!passing || reply.isQuota()) {
            throw problem("answered %d: %s; %s".formatted(status, words, remedy(status, reply)));
        }
        return new Attempt(
                null,
                "it answered %d: %s".formatted(status, words),
                RetryDelay.asked(response.headers().firstValue("retry-after").orElse("")));
    }

    private String remedy(int status, EndpointReply reply) {
        if (reply.isQuota()) {
            return "see to the account, then go on with --resume";
        }
        return switch (status) {
            case 401, 403 ->
                key == null ? "set %s, no key was sent".formatted(keyName) : "correct the key in %s".formatted(keyName);
            case 404, 405 -> "correct endpoint and endpoint_model";
            default -> "correct what it names";
        };
    }

    private Attempt passing(@Nullable Throwable cause) {
        String words = words(cause);
        boolean hopeless = cause instanceof SSLException || (cause instanceof ConnectException && !reached.get());
        if (hopeless) {
            throw problem("cannot be reached: %s; start the server, or correct the address".formatted(words));
        }
        if (cause instanceof IOException) {
            return passing("the connection failed: " + words);
        }
        throw new IllegalStateException("a request failed", cause);
    }

    private static Attempt passing(String reason) {
        return new Attempt(null, reason, Duration.ZERO);
    }

    /// What an exception says; connections that were refused say nothing themselves.
    private static String words(@Nullable Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e.getMessage() != null && !e.getMessage().isBlank()) {
                return EndpointReply.shortened(e.getMessage());
            }
        }
        return cause instanceof ConnectException ? "nobody answers there" : String.valueOf(cause);
    }

    private ConfigException problem(String what) {
        return new ConfigException("endpoint: %s %s".formatted(address, what));
    }

    /// A server's words without the key, which some repeat.
    private String hidden(String words) {
        return key == null ? words : words.replace(key, "***");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
