package dev.razor.core.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server on raw sockets that serves files and does to each request what a test tells it to.
final class HostileServer implements AutoCloseable {

    /// What is done to a request.
    enum Act {
        HONEST,
        /// honest, and by way of another name of this machine
        REDIRECT,
        /// the connection ends in the middle of the body
        CUT,
        /// as [#CUT], by a reset
        RESET,
        /// half of the body, then nothing
        STALL,
        /// one byte of the body is another
        CORRUPT,
        /// the head promises more bytes than the file has, and the body holds zeros for them
        TOO_LONG,
        /// the head promises half of the bytes, and the body has them
        TOO_SHORT,
        /// the whole file, though a part was asked for
        IGNORE_RANGE,
        /// another part than the one asked for, and the head says so
        WRONG_RANGE,
        /// another part than the one asked for, and the head says that it is the right one
        LYING_RANGE,
        /// 416, whatever was asked for
        UNSATISFIABLE,
        /// 416, and what is there already is said to be all
        ENDS_HERE,
        /// half of the file as if it were the whole, under the same tag
        SHORTER,
        /// half of the rest, without a word on how long the whole is
        ENDLESS_PART,
        /// a part of another file, without a tag
        UNTAGGED_OTHER_PART,
        /// another file of the same size, under another tag
        OTHER_FILE,
        /// chunks without a last one
        CUT_CHUNKS,
        BUSY,
        UNAVAILABLE,
        /// no HTTP
        GARBAGE,
        MISSING,
        FORBIDDEN,
        /// a web page that says 200
        WEB_PAGE
    }

    record Request(String path, Map<String, String> headers) {

        @Nullable
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    private final ServerSocket socket;
    private final Function<Request, Act> acts;
    private final Map<String, Path> files = new ConcurrentHashMap<>();
    private final Map<String, String> linked = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    HostileServer(Function<Request, Act> acts) {
        this.acts = acts;
        try {
            socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /// A server that does one act after the other, then is honest.
    static HostileServer script(Act... acts) {
        var left = new ConcurrentLinkedQueue<>(List.of(acts));
        return new HostileServer(request -> {
            Act next = left.poll();
            return next == null ? Act.HONEST : next;
        });
    }

    HostileServer put(String path, Path file) {
        files.put(path, file);
        return this;
    }

    /// Sends the digest with every answer for `path`, as the hub does.
    void link(String path, String sha256) {
        linked.put(path, sha256);
    }

    void slow(long bytes) {
        bytesPerSecond = bytes;
    }

    String address() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    List<Request> requests() {
        return requests;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            if (line == null) {
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String head = in.readLine(); head != null && !head.isEmpty(); head = in.readLine()) {
                int colon = head.indexOf(':');
                headers.put(
                        head.substring(0, colon).toLowerCase(Locale.ROOT),
                        head.substring(colon + 1).strip());
            }
            Request request = new Request(line.split(" ", -1)[1], headers);
            requests.add(request);
            answer(client, request, line.startsWith("HEAD"));
        } catch (IOException _) {
            // the client has gone
        }
    }

    private void answer(Socket client, Request request, boolean headOnly) throws IOException {
        OutputStream out = client.getOutputStream();
        boolean redirected = request.path().startsWith("/again");
        String path = redirected ? request.path().substring("/again".length()) : request.path();
        Path file = files.get(path);
        Act act = file == null ? Act.MISSING : redirected ? Act.HONEST : acts.apply(request);
        String link = linked.containsKey(path)
                ? "X-Linked-Etag: \"%s\"\r\nX-Linked-Size: %d\r\n".formatted(linked.get(path), Files.size(file))
                : "";
        switch (act) {
            case MISSING -> head(out, "404 Not Found", "Content-Length: 0\r\n");
            case FORBIDDEN -> head(out, "401 Unauthorized", "Content-Length: 0\r\n");
            case BUSY -> head(out, "429 Too Many Requests", "Retry-After: 1\r\nContent-Length: 0\r\n");
            case UNAVAILABLE -> head(out, "503 Service Unavailable", "Content-Length: 0\r\n");
            case UNSATISFIABLE ->
                head(out, "416 Range Not Satisfiable", "Content-Range: bytes */1\r\nContent-Length: 0\r\n");
            case ENDS_HERE ->
                head(
                        out,
                        "416 Range Not Satisfiable",
                        "Content-Range: bytes */%s\r\nContent-Length: 0\r\n"
                                .formatted(
                                        String.valueOf(request.header("Range")).replaceAll("\\D", "")));
            case GARBAGE -> out.write("it's only words\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            case WEB_PAGE -> {
                head(out, "200 OK", "Content-Type: text/html; charset=utf-8\r\nContent-Length: 13\r\n");
                out.write("<html></html>".getBytes(StandardCharsets.ISO_8859_1));
            }
            case REDIRECT ->
                head(
                        out,
                        "302 Found",
                        link
                                + "Location: http://localhost:%d/again%s\r\nContent-Length: 0\r\n"
                                        .formatted(socket.getLocalPort(), path));
            default -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    body(client, out, request, act, channel, link, headOnly);
                }
            }
        }
        out.flush();
    }

    private void body(
            Socket client, OutputStream out, Request request, Act act, FileChannel file, String link, boolean headOnly)
            throws IOException {
        long size = file.size();
        String tag = act == Act.OTHER_FILE ? "\"two\"" : "\"one\"";
        String range = request.header("Range");
        String ifRange = request.header("If-Range");
        boolean part = range != null
                && act != Act.IGNORE_RANGE
                && act != Act.SHORTER
                && (ifRange == null || ifRange.equals(tag));
        long from = part ? Long.parseLong(Objects.requireNonNull(range).replaceAll("\\D", "")) : 0;
        if (from >= size && part) {
            head(
                    out,
                    "416 Range Not Satisfiable",
                    link + "Content-Range: bytes */%d\r\nContent-Length: 0\r\n".formatted(size));
            return;
        }
        long said = from;
        if (part && (act == Act.WRONG_RANGE || act == Act.LYING_RANGE)) {
            from = from / 2;
            said = act == Act.WRONG_RANGE ? from : said;
        }
        long length = size - (act == Act.LYING_RANGE ? said : from);
        long promised = switch (act) {
            case TOO_LONG -> length + 1000;
            case TOO_SHORT, SHORTER -> length / 2;
            case ENDLESS_PART -> part ? length / 2 : length;
            default -> length;
        };
        String extent =
                act == Act.CUT_CHUNKS ? "Transfer-Encoding: chunked\r\n" : "Content-Length: %d\r\n".formatted(promised);
        boolean endless = part && act == Act.ENDLESS_PART;
        String place = part
                ? "Content-Range: bytes %d-%d/%s\r\n"
                        .formatted(said, said + (endless ? promised : length) - 1, endless ? "*" : size)
                : "";
        head(
                out,
                part ? "206 Partial Content" : "200 OK",
                (act == Act.UNTAGGED_OTHER_PART ? "" : "ETag: %s\r\n".formatted(tag)) + link + extent + place);
        if (headOnly) {
            return;
        }
        boolean half = act == Act.CUT
                || act == Act.RESET
                || act == Act.STALL
                || act == Act.CUT_CHUNKS
                || act == Act.TOO_SHORT
                || act == Act.SHORTER
                || endless;
        long sent = half ? length / 2 : length;
        if (act == Act.CUT_CHUNKS) {
            out.write((Long.toHexString(sent) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        send(out, file, from, sent, act);
        if (act == Act.TOO_LONG) {
            out.write(new byte[1000]);
        } else if (act == Act.RESET) {
            client.setSoLinger(true, 0);
        } else if (act == Act.STALL) {
            out.flush();
            client.setSoTimeout(20_000);
            var _ = client.getInputStream().read(); // until the client gives up
        }
    }

    private void send(OutputStream out, FileChannel file, long from, long length, Act act) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long corrupt = act == Act.CORRUPT ? from + length / 3 : -1;
        for (long at = from; at < from + length; ) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, from + length - at));
            int count = file.read(bytes, at);
            for (int i = 0; i < count && (act == Act.OTHER_FILE || act == Act.UNTAGGED_OTHER_PART); i++) {
                buffer[i] ^= 0x55;
            }
            if (corrupt >= at && corrupt < at + count) {
                buffer[(int) (corrupt - at)] ^= 1;
            }
            out.write(buffer, 0, count);
            at += count;
            if (bytesPerSecond != Long.MAX_VALUE) {
                out.flush();
                pause(count * 1000L / bytesPerSecond);
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void head(OutputStream out, String status, String headers) throws IOException {
        out.write("HTTP/1.1 %s\r\n%sConnection: close\r\n\r\n"
                .formatted(status, headers)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
