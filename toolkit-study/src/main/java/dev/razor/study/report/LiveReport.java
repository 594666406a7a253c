package dev.razor.study.report;

import com.sun.net.httpserver.HttpServer;
import dev.razor.core.base.ConfigException;
import dev.razor.core.base.UserException;
import dev.razor.study.figures.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run directory's report on this machine's own address, made anew in memory whenever `points.csv`,
/// `study.json` or `state/` change: for a study that is running, or one that has ended. Nothing is written.
public final class LiveReport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveReport.class);

    private final Path directory;
    private final HttpServer server;
    private final ExecutorService answering = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("report-watch").factory());
    private final ToldOnce troubles = new ToldOnce();
    private volatile Edition edition;
    private String seen;

    /// The page as of one state of the files.
    ///
    /// @param figures picture files by name
    record Edition(String version, byte[] page, Map<String, byte[]> figures) {}

    private LiveReport(Path directory, HttpServer server) {
        this.directory = directory;
        this.server = server;
        this.seen = fingerprint();
        this.edition = edition(seen);
    }

    /// Serves the report of `directory` until it is closed.
    ///
    /// @param host the address to listen on; `localhost` lets nobody else in
    /// @param port 0 for any that is free
    /// @throws ConfigException if there is no such directory or the port is taken
    /// @throws UserException if a file of the directory cannot be used
    public static LiveReport serve(Path directory, String host, int port) {
        ReportData.requireDirectory(directory);
        HttpServer server = bind(host, port);
        try {
            LiveReport report = new LiveReport(directory, server);
            report.start();
            return report;
        } catch (RuntimeException e) {
            server.stop(0);
            throw e;
        }
    }

    private static HttpServer bind(String host, int port) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        } catch (BindException e) {
            throw new ConfigException(
                    "--port: %d cannot be used (%s); choose another".formatted(port, e.getMessage()), e);
        } catch (UnknownHostException e) {
            throw new ConfigException("--host: %s is no address of this machine; name one".formatted(host), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() {
        server.createContext("/", new LiveFiles(directory, () -> edition));
        server.setExecutor(answering);
        server.start();
        var _ = watching.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /// Where the report is.
    public URI address() {
        return URI.create("http://localhost:%d/".formatted(server.getAddress().getPort()));
    }

    @Override
    public void close() {
        watching.shutdownNow();
        server.stop(0);
        answering.shutdownNow();
    }

    /// Makes a new edition if a file has changed. What cannot be read just now, because it is being replaced say,
    /// is read at the next look; the last edition stays.
    private void look() {
        String now = "";
        try {
            now = fingerprint();
            if (!now.equals(seen)) {
                edition = edition(now);
                seen = now;
            }
        } catch (UserException e) {
            seen = "";
            tell(now, e.problems(), e);
        } catch (RuntimeException e) {
            seen = "";
            tell(now, List.of(e.toString()), e);
        }
    }

    private void tell(String files, List<String> problems, RuntimeException e) {
        troubles.of(files, problems).ifPresent(line -> {
            if (e instanceof UserException) {
                LOG.warn("the report stays as it was: {}", line);
            } else {
                LOG.warn("the report stays as it was", e);
            }
        });
    }

    private Edition edition(String fingerprint) {
        ReportData data = ReportData.readSoFar(directory);
        List<Figures.Drawn> figures =
                Figures.draw(Figures.of(data.points(), data.fits(), data.study().scatters()));
        String version = UUID.nameUUIDFromBytes(fingerprint.getBytes(StandardCharsets.UTF_8))
                .toString();
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        for (Figures.Drawn drawn : figures) {
            pictures.put(drawn.figure().name() + ".png", drawn.png());
            pictures.put(drawn.figure().name() + ".svg", drawn.svgFile());
        }
        return new Edition(
                version, Page.of(data, figures, version).getBytes(StandardCharsets.UTF_8), Map.copyOf(pictures));
    }

    /// Sizes and times of what the report follows from.
    private String fingerprint() {
        List<Path> files = new ArrayList<>(List.of(directory.resolve("points.csv"), directory.resolve("study.json")));
        Path states = directory.resolve("state");
        if (Files.isDirectory(states)) {
            try (Stream<Path> entries = Files.list(states)) {
                entries.filter(file -> file.toString().endsWith(".json"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        StringBuilder fingerprint = new StringBuilder();
        for (Path file : files) {
            try {
                fingerprint
                        .append(file.getFileName())
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append(' ')
                        .append(Files.size(file))
                        .append('\n');
            } catch (NoSuchFileException _) {
                fingerprint.append("none\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return fingerprint.toString();
    }
}
