package dev.razor.core.fetch;

import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.WebAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Sends requests and follows redirects by hand, so that the hub's token stays with the hub.
final class Requests implements AutoCloseable {

    private static final int MOST_REDIRECTS = 10;

    private final HttpClient client;
    private final Hub hub;
    private final Duration patience;

    /// @param patience how long a connection or an answer's head may take
    Requests(Hub hub, Duration patience) {
        this.hub = hub;
        this.patience = patience;
        this.client = client(patience);
    }

    private static HttpClient client(Duration patience) {
        try {
            return HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(patience)
                    .build();
        } catch (UncheckedIOException e) {
            Exception first = e;
            while (first.getCause() instanceof Exception cause) {
                first = cause;
            }
            throw new ConfigException(
                    "https: Java cannot be set up for it: %s; look at javax.net.ssl in RAZOR_JAVA_OPTS"
                            .formatted(plain(first)),
                    e);
        }
    }

    /// The answer to `method` at `address`, wherever it leads.
    ///
    /// @throws TransientFailure if the connection fails
    /// @throws PermanentFailure if the redirects lead nowhere, or from https to http
    Answer send(String method, URI address, Map<String, String> headers)
            throws TransientFailure, PermanentFailure, InterruptedException {
        URI at = address;
        String linked = null;
        long linkedBytes = -1;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<StallingBody> response = once(method, at, headers);
            if (hub.isEndpoint(at) && linked == null) {
                linked = linkedSha256(response);
                linkedBytes = Answer.size(response.headers(), "X-Linked-Size").orElse(-1);
            }
            String location = response.headers().firstValue("Location").orElse(null);
            if (location == null || !isRedirect(response.statusCode())) {
                return new Answer(response.statusCode(), response.headers(), at, linked, linkedBytes, response.body());
            }
            response.body().close();
            at = next(at, location);
        }
        throw new PermanentFailure(
                "is redirected more than %d times; look at the address in models.lock, HF_ENDPOINT and the proxy"
                        .formatted(MOST_REDIRECTS));
    }

    private HttpResponse<StallingBody> once(String method, URI at, Map<String, String> headers)
            throws TransientFailure, PermanentFailure, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience)
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "razor");
        headers.forEach(request::header);
        hub.authorization(at).ifPresent(value -> request.header("Authorization", value));
        try {
            return client.send(request.build(), _ -> new StallingBody());
        } catch (IOException e) {
            refuseUntrusted(at, e);
            throw new TransientFailure(reason(at, e));
        } catch (IllegalArgumentException e) {
            // Java's client says so of lengths that are no numbers, and of a proxy's port that is none
            throw new PermanentFailure("cannot be asked or understood: " + plain(e));
        }
    }

    private static URI next(URI at, String location) throws PermanentFailure {
        URI next;
        try {
            next = at.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new PermanentFailure(noAddress(location));
        }
        if (!WebAddress.isOne(next)) {
            throw new PermanentFailure(noAddress(location));
        }
        if ("https".equalsIgnoreCase(at.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
            throw new PermanentFailure("is redirected from https to http, which anyone on the way could change");
        }
        return next;
    }

    /// Without a user's name and password, its query, which can hold a signature, and not longer than a line.
    private static String noAddress(String location) {
        String shown = location.replaceFirst("(?s)^.*@", "...@")
                .replaceFirst("(?s)[?#].*", "")
                .replaceAll("\\p{Cntrl}", " ");
        return "is redirected to %s, which is no address of http or https"
                .formatted(shown.substring(0, Math.min(shown.length(), 100)));
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /// For a file that is stored by its content the hub's tag is its SHA-256, as `huggingface_hub` documents it.
    private static @Nullable String linkedSha256(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Linked-Etag")
                .map(tag -> tag.replace("\"", ""))
                .filter(tag -> tag.matches("[0-9a-f]{64}"))
                .orElse(null);
    }

    /// No further attempt makes a certificate trusted.
    private static void refuseUntrusted(URI at, IOException e) throws PermanentFailure {
        Exception first = null;
        boolean certificate = false;
        for (Throwable cause = e; cause instanceof Exception exception; cause = cause.getCause()) {
            first = exception;
            certificate |= cause instanceof CertificateException
                    || cause instanceof CertPathValidatorException
                    || cause instanceof CertPathBuilderException
                    || cause instanceof InvalidAlgorithmParameterException; // a trust store that holds nothing
        }
        if (first != null && certificate) {
            throw new PermanentFailure(
                    "%s shows a certificate that is not trusted: %s; name a trust store that holds its issuer: RAZOR_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE"
                            .formatted(at.getHost(), plain(first)));
        }
    }

    private static String reason(URI at, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "the name %s is not known".formatted(at.getHost());
            }
        }
        return e instanceof ConnectException
                ? "%s cannot be reached".formatted(at.getPort() < 0 ? at.getHost() : at.getHost() + ":" + at.getPort())
                : "%s: %s".formatted(at.getHost(), plain(e));
    }

    /// What `e` says, on one line whatever a server wrote into it, without the user of an address.
    static String plain(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName())
                .replaceAll("\\p{Cntrl}+", " ")
                .replaceAll("//[^/\\s]*@", "//");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
