package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.razor.core.base.DataException;
import dev.razor.core.lock.LockEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Heads of answers with values that are none: a line each, and the next address is asked.
final class OddAnswersTest {

    @TempDir
    private Path folder;

    private FetchCase it;

    @BeforeEach
    void make() throws IOException {
        it = new FetchCase(folder, 1000);
    }

    /// Answers every request with `head` and some bytes.
    private static ServerSocket server(String head) throws IOException {
        var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    client.setSoTimeout(2000);
                    var _ = client.getInputStream().read(new byte[4096]);
                    client.getOutputStream().write((head + "\r\n\r\n0123456789").getBytes(StandardCharsets.UTF_8));
                } catch (IOException _) {
                    // the next one
                }
            }
        });
        return socket;
    }

    private static String address(ServerSocket socket) {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "302 Found\r\nLocation: http://h:99999/",
                "302 Found\r\nLocation: http://h:99999999999/",
                "302 Found\r\nLocation: http://h:b/",
                "302 Found\r\nLocation: http://h:0/",
                "302 Found\r\nLocation: http:///x",
                "302 Found\r\nLocation: http://h/%zz",
                "302 Found\r\nLocation: file:///etc/passwd",
                "302 Found\r\nLocation: mailto:a@b",
                "302 Found\r\nLocation: ",
                "200 OK\r\nContent-Length: abc",
                "200 OK\r\nContent-Length: -5",
                "200 OK\r\nContent-Length: 99999999999999999999",
                "200 OK\r\nContent-Length:",
                "200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: abc",
                "200 OK\r\nX-Linked-Size: abc\r\nContent-Length: 10",
                "302 Found\r\nX-Linked-Size: abc\r\nLocation: http://h:99999/",
                "429 Slow\r\nRetry-After: 99999999999\r\nContent-Length: 10",
                "101 Switching\r\nUpgrade: h2c",
                "abc OK\r\nContent-Length: 1",
                "\u001b[31m\u0007 OK"
            })
    void anOddHead_isALineAndTheNextAddressIsAsked(String head) throws Exception {
        try (ServerSocket odd = server("HTTP/1.1 " + head);
                HostileServer good = HostileServer.script().put("/" + FetchCase.FILE, it.original)) {
            it.hub = FetchCase.hub(address(odd), null);
            assertThatThrownBy(() -> it.fetch(it.entry(address(odd))))
                    .isInstanceOfSatisfying(
                            DataException.class,
                            e -> assertThat(e.problems())
                                    .singleElement()
                                    .asString()
                                    .startsWith("thing/data.jsonl: cannot be fetched")
                                    .matches("\\P{Cntrl}+"));
            it.fetch(it.entry(address(odd), good.address()));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void theRedirectsPort_isTold() throws Exception {
        try (ServerSocket odd = server("HTTP/1.1 302 Found\r\nLocation: http://h:99999/x?secret")) {
            assertThatThrownBy(() -> it.fetch(it.entry(address(odd))))
                    .hasMessage("thing/data.jsonl: cannot be fetched: 127.0.0.1: is redirected to http://h:99999/x,"
                            + " which is no address of http or https");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://bob:SECRETPW@127.0.0.1:9/",
                "ftp://bob:SECRETPW@x.y/z",
                "http://bob:SECRET/PW@x.y/z",
                "http://bob:SECRET?PW@x.y:99999/z",
                "//bob:SECRET#PW@x.y:99999/z"
            })
    void aRedirectsUser_isNotTold(String location) throws Exception {
        try (ServerSocket odd = server("HTTP/1.1 302 Found\r\nLocation: " + location)) {
            assertThatThrownBy(() -> it.fetch(it.entry(address(odd))))
                    .isInstanceOf(DataException.class)
                    .satisfies(e -> assertThat(e.getMessage())
                            .startsWith("thing/data.jsonl: cannot be fetched")
                            .doesNotContain("SECRET")
                            .doesNotContain("bob"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "204 No Content",
                "302 Found",
                "304 Not Modified",
                "407 Proxy Authentication Required",
                "999 Odd",
                "302 Found\r\nLocation: /again",
                "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000"
            })
    void answersThatAreNoFile_areToldWithARemedy(String head) throws Exception {
        try (ServerSocket odd = server("HTTP/1.1 " + head)) {
            assertThatThrownBy(() -> it.fetch(it.entry(address(odd))))
                    .isInstanceOf(DataException.class)
                    .satisfies(e -> assertThat(e.getMessage()).containsAnyOf("HF_ENDPOINT", "RAZOR_JAVA_OPTS"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"601", "999999999999", "99999999999999999999999999"})
    void aWaitThatIsTooLong_isNotWaitedFor(String seconds) throws Exception {
        try (ServerSocket odd = server("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: " + seconds)) {
            assertThatThrownBy(() -> it.fetch(it.entry(address(odd)))).hasMessageContaining("and asks to wait ");
        }
    }

    @Test
    void aBusyServer_isNotWaitedForWhereAnotherAddressIsLeft() throws Exception {
        long start = System.nanoTime();
        try (ServerSocket odd = server("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: 20");
                HostileServer good = HostileServer.script().put("/" + FetchCase.FILE, it.original)) {
            it.fetch(it.entry(address(odd), good.address()));
        }
        assertThat(it.isRight()).isTrue();
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Nothing: 1", "Content-Type: Text/HTML; charset=utf-8"})
    void aWebPageOfAnyHead_isNotAFileWithoutADigest(String head) throws Exception {
        // the bytes that follow the head are the page's end
        String page = " <!DOCTYPE Html><p>";
        try (ServerSocket odd =
                server("HTTP/1.1 200 OK\r\n%s\r\nContent-Length: %d\r\n\r\n%s".formatted(head, page.length(), page))) {
            assertThatThrownBy(() -> it.fetch(it.held("config.json", "null", "null", address(odd))))
                    .hasMessageContaining("answers with a web page");
            assertThat(it.place()).doesNotExist();
        }
    }

    @Test
    void aCertificateThatIsNotTrusted_isALineAtOnce() throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "a",
                        "-dname",
                        "CN=localhost",
                        "-storepass",
                        "secret",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .waitFor();
        assertThat(made).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.start();
        try {
            String address = "https://localhost:" + server.getAddress().getPort();
            assertThatThrownBy(() -> it.fetch(it.entry(address)))
                    .hasMessage(
                            "thing/data.jsonl: cannot be fetched: localhost: localhost shows a certificate that is not"
                                    + " trusted: unable to find valid certification path to requested target; name a trust store"
                                    + " that holds its issuer: RAZOR_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aProxyThatIsNone_isALine() {
        System.setProperty("http.proxyHost", "proxy.example");
        System.setProperty("http.proxyPort", "99999");
        System.setProperty("http.nonProxyHosts", "");
        try {
            assertThatThrownBy(() -> it.fetch(it.entry("http://one.example")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("99999");
        } finally {
            System.clearProperty("http.proxyHost");
            System.clearProperty("http.proxyPort");
            System.clearProperty("http.nonProxyHosts");
        }
    }

    @Test
    void anEntryOfRazorsOwn_isNotAskedOfTheHub() throws Exception {
        LockEntry entry = it.local("missing");
        assertThatThrownBy(() -> LinkedFiles.of(entry, it.hub, it.options))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "thing: %1$s lacks files of models.lock, or has them in other sizes; put the right ones into %1$s, or get Razor's files again"
                                .formatted(folder.resolve("missing")));
        assertThatThrownBy(() -> it.fetch(entry)).hasMessageContaining("put the right ones into");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | accept the licence on its page if it asks for that, and set HF_TOKEN (sent over https only)
            404 | models.lock names a place that is not there
            429 | try again later
            500 | try again later
            405 | fetch it, then lock it
            """)
    void aHubThatSaysNo_recordsNothing(int status, String remedy) throws Exception {
        try (ServerSocket hub = server("HTTP/1.1 %d No\r\nContent-Length: 0".formatted(status))) {
            it.hub = FetchCase.hub(address(hub), null);
            LockEntry entry = it.held(FetchCase.FILE, "null", "null", address(hub));
            assertThatThrownBy(() -> LinkedFiles.of(entry, it.hub, it.options))
                    .isInstanceOf(DataException.class)
                    .hasMessage("thing/data.jsonl: cannot be asked for: 127.0.0.1: answers %d; %s"
                            .formatted(status, remedy));
        }
    }
}
