package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.razor.core.run.Sha256;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One command from nothing to the report: `razor run` of a study that names its base, its task and its
/// benchmark by their names in a lock file and has its labels written by an endpoint, in a process with an
/// empty cache.
final class ProvidedStudyTest {

    private static final Path BASE = Path.of(System.getProperty("razor.home"), "examples/quickstart/base");
    private static final Pattern QUESTION = Pattern.compile("What is (\\d+) and (\\d+)\\?");

    @TempDir
    private Path directory;

    private HttpServer server;
    private Path served;

    /// Paths that were asked for, in order.
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    /// Whether the teacher fails at every fourth question.
    private volatile boolean failing;

    private Path working;

    /// What the teacher wants to see.
    private String key = "Bearer sesame";

    @BeforeEach
    void serve() throws IOException {
        working = directory;
        served = Files.createDirectories(directory.resolve("served"));
        Files.write(
                served.resolve("sums.jsonl"),
                IntStream.range(0, 12)
                        .mapToObj(i ->
                                "{\"question\": \"What is %d and 5?\", \"answer\": \"#### %d\"}".formatted(i, i + 5))
                        .toList());
        Files.write(
                served.resolve("skill.jsonl"),
                List.of(
                        "{\"query\": \"The sky is\", \"choices\": [\"blue\", \"red\"], \"gold\": 0}",
                        "{\"query\": \"Snow is\", \"choices\": [\"black\", \"white\"], \"gold\": 1}"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Files.writeString(directory.resolve("models.lock"), """
                models:
                  small-base:
                    addresses: ["%1$s/base/{path}"]
                    licence: MIT
                    files:
                %2$s
                datasets:
                  sums:
                    addresses: ["%1$s/{path}"]
                    licence: MIT
                    files:
                      - %3$s
                  skill:
                    addresses: ["%1$s/{path}"]
                    licence: MIT
                    files:
                      - %4$s
                """.formatted(
                        address(),
                        String.join("\n", baseFiles()),
                        locked(served.resolve("sums.jsonl")),
                        locked(served.resolve("skill.jsonl"))));
        Files.writeString(directory.resolve("study.yaml"), """
                output: %s
                base: small-base
                data: data
                task: {test: sums/test.jsonl, kl_prompts: sums/test.jsonl, reward: math, max_completion_length: 4}
                prepare:
                  sums: {task: math, input: sums, output: sums}
                labels:
                  sums:
                    data: sums/train.jsonl
                    output: sums/labelled.jsonl
                    endpoint: %s/v1
                    endpoint_model: teacher
                    endpoint_key_env: TEACHER_KEY
                    reward: math
                methods:
                  - {name: sft, trainer: sft, data: sums/labelled.jsonl, learning_rate: 1e-3, max_steps: 2}
                benchmarks: {datasets: [skill], tasks: [skill]}
                """.formatted(directory.resolve("out"), address()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void oneCommand_fetchesPreparesLabelsTrainsAndReports_andDoesNoneOfItTwice() throws Exception {
        Razor dry = razor("--dry-run");
        assertThat(dry.exit()).as(dry.output()).isZero();
        assertThat(dry.output().lines())
                .contains(
                        "fetched first: small-base, skill, sums",
                        "prepared first: %s, the task math".formatted(directory.resolve("data/sums")),
                        "labelled first: %s, by teacher at %s/v1"
                                .formatted(directory.resolve("data/sums/labelled.jsonl"), address()))
                .noneMatch(line -> line.startsWith("missing"));
        assertThat(asked).isEmpty();

        Razor prepared = razor("--prepare");
        assertThat(prepared.exit()).as(prepared.output()).isZero();
        assertThat(prepared.output().lines())
                .contains("labelled 9 of 9 prompts: " + directory.resolve("data/sums/labelled.jsonl"));
        assertThat(Files.readAllLines(directory.resolve("data/sums/labelled.jsonl")))
                .hasSize(9)
                .allMatch(line -> line.contains("boxed"));
        assertThat(directory.resolve("cache/small-base/model.safetensors")).exists();
        assertThat(directory.resolve("out")).doesNotExist();

        asked.clear();
        Razor run = razor();
        assertThat(run.exit()).as(run.output()).isZero();
        List<Point> points = PointsCsv.read(directory.resolve("out/points.csv"));
        assertThat(points).extracting(Point::method).containsExactly("base", "sft");
        assertThat(points.getFirst().benchmarks()).containsOnlyKeys("skill");
        assertThat(points.getLast().meter("forward_kl")).isPositive();
        assertThat(directory.resolve("out/report.html")).exists();

        Razor again = razor();
        assertThat(again.exit()).as(again.output()).isZero();
        assertThat(again.output()).contains("1 runs, all done");
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutTheTeachersKey_itEndsInOneLine_beforeTheBaseIsFetched_andGoesOnLater() throws Exception {
        key = "Bearer another";
        Razor refused = razor();
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output().lines().filter(line -> line.startsWith("error: ")))
                .containsExactly(
                        "error: endpoint: %s/v1/chat/completions answered 401: no; correct the key in TEACHER_KEY"
                                .formatted(address()));
        assertThat(asked).contains("/sums.jsonl").noneMatch(path -> path.startsWith("/base"));
        assertThat(directory.resolve("out")).doesNotExist();

        key = "Bearer sesame";
        Razor run = razor();
        assertThat(run.exit()).as(run.output()).isZero();
    }

    /// Nothing is paid for or fetched for a study that cannot be run.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "task.test=sums/tets.jsonl: data: .*/data/sums/tets.jsonl: there is no such file; .*",
                "benchmarks.tasks=[skil]: benchmarks: tasks: no benchmark and none of datasets \\[skill\\] is called skil; .*",
                "benchmarks.datasets=[skil]: benchmarks.datasets: skil: models.lock has no such name; did you mean skill\\?",
                "base=smal-base: base: .*smal-base holds no config.json; .*",
                "prepare.sums.input=sums/nope.jsonl: prepare.sums: sums/nope.jsonl: the entry has no such file; it has sums.jsonl",
                "prepare.sums.input=sumz: prepare.sums: .*/data/sumz: there is no such file, and no such name in models.lock",
                "labels.sums.data=sums/trian.jsonl: labels.sums: data: .*/data/sums/trian.jsonl: there is no such file",
            })
    void whatIsMissing_isTold_beforeAnythingIsMade(String setAndProblem) throws Exception {
        String[] parts = setAndProblem.split(": ", 2);
        Razor run = razor("--set", parts[0]);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output().lines().filter(line -> line.startsWith("error: ")))
                .singleElement()
                .asString()
                .matches("error: " + parts[1]);
        assertThat(asked).isEmpty();
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void promptsThatWereGivenUp_endTheStudy_andAreAskedForAgain() throws Exception {
        failing = true;
        Razor first = razor("--set", "labels.sums.max_retries=0");
        assertThat(first.exit()).isEqualTo(1);
        assertThat(first.output())
                .contains("error: labels.sums: ", " prompts were given up after failed requests; run it again to ask");
        assertThat(directory.resolve("out")).doesNotExist();
        failing = false;
        Razor again = razor("--set", "labels.sums.max_retries=0");
        assertThat(again.exit()).as(again.output()).isZero();
        assertThat(Files.readAllLines(directory.resolve("data/sums/labelled.jsonl")))
                .hasSize(9);
    }

    @Test
    void namesOfTheLock_areFound_whateverLiesInTheWorkingDirectory() throws Exception {
        Files.createDirectories(directory.resolve("elsewhere/sums"));
        Files.createDirectories(directory.resolve("elsewhere/small-base"));
        working = directory.resolve("elsewhere");
        Razor run = razor("--prepare");
        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(directory.resolve("cache/small-base/config.json")).exists();
        Razor named = razor("--dry-run", "--set", "base=small-base-2");
        assertThat(named.output()).contains("missing: base: ");
    }

    @Test
    void whatIsThere_isLeftAsItIs_andThePlanSaysHowItDiffers() throws Exception {
        assertThat(razor("--prepare").exit()).isZero();
        asked.clear();
        Razor other =
                razor("--dry-run", "--set", "prepare.sums.limit=3", "--set", "labels.sums.endpoint_model=another");
        assertThat(other.output().lines())
                .anySatisfy(line -> assertThat(line)
                        .matches("left as it is: .*/data/sums, prepared with limit 0, not 3; move it away .*"))
                .anySatisfy(line -> assertThat(line)
                        .matches("left as it is: .*labelled.jsonl, labelled with endpoint_model \"teacher\", not"
                                + " \"another\"; move it away .*"));
        assertThat(asked).isEmpty();
    }

    /// A folder of the cache that somebody else made is not taken for the entry.
    @Test
    void aHalfMadeEntryOfTheCache_isTold() throws Exception {
        Files.copy(
                BASE.resolve("config.json"),
                Files.createDirectories(directory.resolve("cache/small-base")).resolve("config.json"));
        Razor run = razor("--prepare");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output().lines().filter(line -> line.startsWith("error: ")))
                .singleElement()
                .asString()
                .contains("small-base");
    }

    @Test
    void aPartThatCannotBeRead_isTold_withItsPlace() throws Exception {
        Razor run = razor("--set", "prepare.sums.task=poetry", "--set", "labels.sums.reward=[]");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output().lines().filter(line -> line.startsWith("error: ")))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("prepare.sums: task: ", "science", "poetry"))
                .anySatisfy(line -> assertThat(line).contains("labels.sums: reward: "));
        assertThat(asked).isEmpty();
    }

    /// What a process of Razor ended with.
    private record Razor(int exit, String output) {}

    private Razor razor(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-XX:TieredStopAtLevel=1",
                "-Drazor.home=" + System.getProperty("razor.home"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.razor.cli.Razor",
                "run",
                directory.resolve("study.yaml").toString()));
        command.addAll(List.of(more));
        Path log = directory.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(working.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("RAZOR_LOCK", directory.resolve("models.lock").toString());
        builder.environment().put("RAZOR_CACHE", directory.resolve("cache").toString());
        builder.environment().put("TEACHER_KEY", "sesame");
        Process process = builder.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Razor(process.exitValue(), Files.readString(log));
    }

    private String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private static List<String> baseFiles() throws IOException {
        try (var files = Files.list(BASE)) {
            return files.sorted().map(file -> "      - " + locked(file)).toList();
        }
    }

    private static String locked(Path file) {
        return "{path: %s, bytes: %d, sha256: %s}"
                .formatted(file.getFileName(), file.toFile().length(), Sha256.ofFile(file));
    }

    /// Files, and a teacher that can add.
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        byte[] body;
        int status = 200;
        if (path.equals("/v1/chat/completions")) {
            if (key.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                JsonNode request =
                        JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
                Matcher question = QUESTION.matcher(request.path("messages").toString());
                assertThat(question.find()).isTrue();
                if (failing && Integer.parseInt(question.group(1)) % 4 == 0) {
                    exchange.sendResponseHeaders(500, -1);
                    exchange.close();
                    return;
                }
                int sum = Integer.parseInt(question.group(1)) + Integer.parseInt(question.group(2));
                body = "{\"choices\": [{\"message\": {\"content\": \"\\\\boxed{%d}\"}, \"finish_reason\": \"stop\"}]}"
                        .formatted(sum)
                        .getBytes(StandardCharsets.UTF_8);
            } else {
                status = 401;
                body = "{\"error\": {\"message\": \"no\"}}".getBytes(StandardCharsets.UTF_8);
            }
        } else {
            Path file = path.startsWith("/base/") ? BASE.resolve(path.substring(6)) : served.resolve(path.substring(1));
            body = Files.readAllBytes(file);
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
