package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.study.SyntheticPoints;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LiveReportTest {

    @TempDir
    private Path directory;

    @Test
    void serve_showsAStudyThatHasMeasuredNothingYet() throws Exception {
        Files.createDirectories(directory.resolve("state"));
        Files.writeString(directory.resolve("state/base.json"), "{\"status\": \"running\"}");
        try (LiveReport report = LiveReport.serve(directory, "localhost", 0)) {
            assertThat(get(report, "GET / HTTP/1.1"))
                    .startsWith("HTTP/1.1 200")
                    .contains("No trained model has been measured yet.", "1 running", "<td>base</td>");
        }
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void serve_makesANewEditionWhenPointsChange_andKeepsTheLastWhereTheyAreBroken() throws Exception {
        try (LiveReport report = LiveReport.serve(directory, "localhost", 0)) {
            String first = get(report, "GET /version HTTP/1.1");
            study(SyntheticPoints.study(1));
            String second = await(report, first);
            assertThat(get(report, "GET / HTTP/1.1")).contains("forgot less than");
            assertThat(get(report, "GET /figures/new_vs_prior.svg HTTP/1.1")).contains("image/svg+xml", "<svg");
            Files.writeString(directory.resolve("points.csv"), "run,method\n");
            Thread.sleep(1500);
            assertThat(get(report, "GET /version HTTP/1.1")).isEqualTo(second);
            study(SyntheticPoints.study(2));
            await(report, second);
        }
    }

    @Test
    void serve_givesNothingButWhatThePageLinksTo() throws Exception {
        study(SyntheticPoints.study(1));
        Path run = Files.createDirectories(directory.resolve("runs/sft-1/final"));
        Files.writeString(run.resolve("model.safetensors"), "weights");
        Files.writeString(run.resolveSibling("metrics.jsonl"), "{\"step\": 1}\n");
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(run.resolveSibling("completions.jsonl"), Path.of("/etc/hostname"));
        try (LiveReport report = LiveReport.serve(directory, "localhost", 0)) {
            assertThat(get(report, "GET /runs/sft-1/metrics.jsonl HTTP/1.1")).contains("200 OK", "{\"step\": 1}");
            for (String path : List.of(
                    "/secret",
                    "/runs/sft-1/final/model.safetensors",
                    "/runs/../secret",
                    "/runs/%2e%2e/points.csv",
                    "/runs/../metrics.jsonl",
                    "/..%2f..%2fetc/passwd",
                    "/../../../../etc/passwd",
                    "/runs/sft-1/completions.jsonl",
                    "/figures/../study.json",
                    "/runs/%00/metrics.jsonl",
                    "/%00",
                    "/runs/sft-1/")) {
                assertThat(get(report, "GET " + path + " HTTP/1.1"))
                        .as(path)
                        .startsWith("HTTP/1.1 40")
                        .doesNotContain("root:", "weights", "secret\n");
            }
            assertThat(get(report, "DELETE /points.csv HTTP/1.1")).startsWith("HTTP/1.1 405");
            assertThat(get(report, "GET / HTTP/1.1", "elsewhere.example")).startsWith("HTTP/1.1 403");
        }
        assertThat(secret).exists();
    }

    @Test
    void serve_saysInOneLineWhatIsWrong() {
        assertThatThrownBy(() -> LiveReport.serve(directory.resolve("absent"), "localhost", 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "absent: is no study's directory (there is no such directory); give the one that razor run writes to");
        try (LiveReport report = LiveReport.serve(directory, "localhost", 0)) {
            int port = report.address().getPort();
            assertThatThrownBy(() -> LiveReport.serve(directory, "localhost", port))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("--port: %d cannot be used".formatted(port));
        }
    }

    @Test
    @Tag("browser")
    void page_bringsItsReaderWhatIsNew_whereHeWas() throws Exception {
        List<Point> points = SyntheticPoints.study(1);
        study(points.subList(0, 20));
        try (LiveReport report = LiveReport.serve(directory, "localhost", 0);
                Browser browser = Browser.start()) {
            browser.open(report.address());
            browser.run("scrollTo(0, 700); window.old = true");
            study(points);
            for (int i = 0; i < 100 && browser.run("return String(window.old)").equals("true"); i++) {
                Thread.sleep(100);
            }
            assertThat(browser.run("return String(window.old)")).isEqualTo("undefined");
            browser.run("return new Promise(done => setTimeout(done, 100))");
            assertThat(browser.number("return scrollY")).isEqualTo(700);
            assertThat(browser.texts("[aria-label='Runs at their last checkpoint'] tbody tr"))
                    .hasSize(9);
            assertThat(browser.problems()).isEmpty();
            String address = report.address().toString();
            assertThat(browser.requests())
                    .allMatch(url -> URI.create(url).toString().startsWith(address));
        }
    }

    private void study(List<Point> points) {
        StudyJson.write(directory.resolve("study.json"), new StudyRecord("t", "c", Map.of(), "", Map.of()));
        PointsCsv.write(directory.resolve("points.csv"), points);
    }

    private static String await(LiveReport report, String old) throws Exception {
        for (int i = 0; i < 150; i++) {
            String now = get(report, "GET /version HTTP/1.1");
            if (!now.equals(old)) {
                return now;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no new edition in 15 seconds");
    }

    private static String get(LiveReport report, String request) throws IOException {
        return get(report, request, "localhost");
    }

    /// The answer without its date, to a request that is sent as it stands.
    private static String get(LiveReport report, String request, String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), report.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("%s\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(request, host)
                            .getBytes(StandardCharsets.US_ASCII));
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder answer = new StringBuilder();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("Date:")) {
                    answer.append(line).append('\n');
                }
            }
            return answer.toString();
        }
    }
}
