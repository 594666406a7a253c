package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.lock.LockEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
