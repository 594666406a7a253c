package dev.razor.core.fetch;

import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.WebAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The hub's endpoint and the user's token for it.
///
/// The token goes to the endpoint itself (the same scheme, host and port), and only over https or within this
/// machine. Wherever a redirect leads, it stays behind. It is in no message and in no text of this object.
public final class Hub {

    private final URI endpoint;
    private final @Nullable String token;

    private Hub(URI endpoint, @Nullable String token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /// The hub that `HF_ENDPOINT` and `HF_TOKEN` name.
    ///
    /// @param environment gives the value of a variable, or null
    /// @throws ConfigException if one of them cannot be used; a token is not shown
    public static Hub of(UnaryOperator<@Nullable String> environment) {
        String endpoint = environment.apply("HF_ENDPOINT");
        String token = environment.apply("HF_TOKEN");
        return new Hub(
                endpoint == null || endpoint.isBlank() ? URI.create(LockEntry.HUB) : endpoint(endpoint.strip()),
                token == null || token.isBlank() ? null : token(token.strip()));
    }

    private static URI endpoint(String text) {
        if (text.contains("@")) {
            throw new ConfigException(
                    "HF_ENDPOINT: holds a user's name or password; put a token into HF_TOKEN instead");
        }
        return WebAddress.of(text.replaceAll("/+$", ""))
                .filter(uri -> uri.getRawQuery() == null && uri.getRawFragment() == null)
                .orElseThrow(() -> new ConfigException(
                        "HF_ENDPOINT: expected an address such as %s, got %s".formatted(LockEntry.HUB, text)));
    }

    private static String token(String text) {
        if (!text.matches("[!-~]+")) {
            throw new ConfigException("HF_TOKEN: holds a space or a character that no token has; copy it again");
        }
        return text;
    }

    /// The endpoint's address, without a slash at its end.
    public URI endpoint() {
        return endpoint;
    }

    boolean hasToken() {
        return token != null;
    }

    /// The header that a request to `address` carries, if any.
    Optional<String> authorization(URI address) {
        return token != null && isEndpoint(address) && isPrivate(address)
                ? Optional.of("Bearer " + token)
                : Optional.empty();
    }

    /// Whether `address` is on the endpoint's own server.
    boolean isEndpoint(URI address) {
        return origin(address).equals(origin(endpoint));
    }

    private static boolean isPrivate(URI address) {
        return "https".equalsIgnoreCase(address.getScheme())
                || String.valueOf(address.getHost()).matches("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");
    }

    private static String origin(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(address.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    @Override
    public String toString() {
        return "Hub[" + endpoint + (token == null ? "]" : ", with a token]");
    }
}
