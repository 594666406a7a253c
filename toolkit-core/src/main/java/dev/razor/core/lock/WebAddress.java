package dev.razor.core.lock;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Addresses of the web, as users and servers write them: what a request can be sent to.
public final class WebAddress {

    private static final int LAST_PORT = 65_535;

    private WebAddress() {}

    /// The address that `text` is; empty where it is none of http or https with a host and a port that exists.
    public static Optional<URI> of(String text) {
        try {
            return Optional.of(new URI(text)).filter(WebAddress::isOne);
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /// Whether a request can be sent to `address`.
    public static boolean isOne(URI address) {
        int port = address.getPort();
        return String.valueOf(address.getScheme()).matches("(?i)https?")
                && address.getHost() != null
                && (port == -1 || (port > 0 && port <= LAST_PORT));
    }
}
