package dev.razor.core.fetch;

import static dev.razor.core.fetch.FetchCase.FILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.fetch.HostileServer.Act;
import dev.razor.core.fetch.HostileServer.Request;
import dev.razor.core.lock.CacheCheck;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FetchTest {

    private static final int BYTES = 1_000_000;
    private static final String ZEROS = "0".repeat(64);

    @TempDir
    private Path folder;

    private FetchCase it;

    @BeforeEach
    void make() throws IOException {
        it = new FetchCase(folder, BYTES);
    }

    private HostileServer script(Act... acts) {
        return HostileServer.script(acts).put("/" + FILE, it.original);
    }

    /// The one line of a fetch that fails; nothing may be at the entry's place then.
    private String problem(LockEntry entry) {
        var lines = new String[1];
        assertThatThrownBy(() -> it.fetch(entry)).isInstanceOfSatisfying(DataException.class, e -> {
            assertThat(e.problems()).singleElement().asString().doesNotContain("\n");
            lines[0] = e.problems().getFirst();
        });
        assertThat(it.place()).doesNotExist();
        return Objects.requireNonNull(lines[0]);
    }

    @Test
    void honestServer_givesTheFileAndLeavesNothingBehind() throws Exception {
        try (HostileServer server = script()) {
            Fetch.Outcome outcome = it.fetch(it.entry(server.address()));
            assertThat(outcome).isEqualTo(new Fetch.Outcome(it.place(), false));
            assertThat(it.isRight()).isTrue();
            assertThat(FetchCase.files(it.cache.directory()))
                    .containsExactlyInAnyOrder("thing/" + FILE, ".fetch/thing.lock");
            assertThat(it.fetch(it.entry(server.address())).wasThere()).isTrue();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void progress_isFullWithTheLastByte() throws Exception {
        it = new FetchCase(Files.createDirectory(folder.resolve("odd")), 999_500);
        List<String> told = new CopyOnWriteArrayList<>();
        it.progress = (_, done, total, _) -> told.add(done + "/" + total);
        try (HostileServer server = script()) {
            LockEntry entry = it.entry(server.address());
            it.fetch(entry);
            assertThat(told).endsWith("1000/1000").containsOnlyOnce("1000/1000");
            told.clear();
            CacheCheck.of(entry, it.cache, 1, it.progress);
            assertThat(told).endsWith("1/1").containsOnlyOnce("1/1");
        }
    }

    /// Whatever a server does once, the next attempts mend.
    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MISSING", "FORBIDDEN", "WEB_PAGE"})
    void anyActOnce_isMended(Act act) throws Exception {
        try (HostileServer server = script(Act.CUT, act)) {
            it.fetch(it.entry(server.address()));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aCutTransfer_isResumedByRangeAndTag() throws Exception {
        try (HostileServer server = script(Act.CUT)) {
            it.fetch(it.entry(server.address()));
            Request second = server.requests().get(1);
            assertThat(second.header("Range")).isEqualTo("bytes=%d-".formatted(BYTES / 2));
            assertThat(second.header("If-Range")).isEqualTo("\"one\"");
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void withoutADigest_aChangedFileIsTakenWhole() throws Exception {
        try (HostileServer server = script(Act.CUT, Act.OTHER_FILE)) {
            it.fetch(it.held(FILE, "null", "null", server.address()));
            byte[] found = Files.readAllBytes(it.place().resolve(FILE));
            byte[] expected = Files.readAllBytes(it.original);
            for (int i = 0; i < expected.length; i++) {
                expected[i] ^= 0x55;
            }
            assertThat(found).isEqualTo(expected);
            assertThat(it.notices)
                    .singleElement()
                    .asString()
                    .contains(Sha256.ofFile(it.place().resolve(FILE)));
        }
    }

    @Test
    void aKeptPart_isUsedByTheNextFetch() throws Exception {
        it.options = new FetchOptions(1, false, Duration.ofMillis(400), 1, Duration.ofMillis(1));
        try (HostileServer server = script(Act.CUT)) {
            assertThat(problem(it.entry(server.address())))
                    .contains("500,000 bytes are kept, run the command again to go on");
            it.fetch(it.entry(server.address()));
            assertThat(server.requests().get(1).header("Range")).isEqualTo("bytes=500000-");
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aPartThatWasTamperedWith_endsInTheRightBytes() throws Exception {
        Path part = it.cache.directory().resolve(".fetch/thing/parts/" + FILE);
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[1234]);
        try (HostileServer server = script()) {
            it.fetch(it.entry(server.address()));
            assertThat(server.requests().getFirst().header("Range")).isEqualTo("bytes=1234-");
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aFileOfOtherBytes_isNeverPublished() throws Exception {
        try (HostileServer server = new HostileServer(_ -> Act.CORRUPT).put("/" + FILE, it.original)) {
            assertThat(problem(it.entry(server.address())))
                    .startsWith("thing/data.jsonl: cannot be fetched: 127.0.0.1: has sha256 ")
                    .contains("expected " + Sha256.ofFile(it.original));
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aWrongLength_isTold() throws Exception {
        try (HostileServer server = new HostileServer(_ -> Act.TOO_LONG).put("/" + FILE, it.original)) {
            assertThat(problem(it.entry(server.address()))).contains("has 1,001,000 bytes, expected 1,000,000");
        }
    }

    /// It would never end if an attempt that repeats what another one brought counted as one that brought
    /// something.
    @Test
    void aServerThatAlwaysBeginsAgainAndCuts_isGivenUp() throws Exception {
        try (HostileServer server = new HostileServer(
                        request -> request.header("Range") == null ? Act.CUT : Act.WRONG_RANGE)
                .put("/" + FILE, it.original)) {
            assertThat(problem(it.entry(server.address()))).contains("cannot be fetched from 127.0.0.1");
        }
    }

    @Test
    void aStallingServer_isGivenUpInTime() throws Exception {
        it.options = new FetchOptions(1, false, Duration.ofMillis(200), 2, Duration.ofMillis(1));
        try (HostileServer server = new HostileServer(_ -> Act.STALL).put("/" + FILE, it.original)) {
            assertThat(problem(it.entry(server.address()))).contains("no byte came for 200 ms");
        }
    }

    @Test
    void aBusyServer_isWaitedForAsLongAsItAsks() throws Exception {
        long start = System.nanoTime();
        try (HostileServer server = script(Act.BUSY)) {
            it.fetch(it.entry(server.address()));
        }
        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        assertThat(it.isRight()).isTrue();
    }

    @Test
    void aMissingFile_isTakenFromTheNextAddress() throws Exception {
        try (HostileServer without = HostileServer.script();
                HostileServer with = script()) {
            it.fetch(it.entry(without.address(), with.address()));
            assertThat(it.isRight()).isTrue();
            it = new FetchCase(Files.createDirectory(folder.resolve("second")), 10);
            assertThat(problem(it.entry(without.address()))).contains("127.0.0.1: answers 404");
        }
    }

    @Test
    void theToken_goesToTheHubAlone() throws Exception {
        try (HostileServer server = script(Act.REDIRECT, Act.FORBIDDEN)) {
            it.hub = FetchCase.hub(server.address(), "hf_secret");
            it.fetch(it.entry(server.address()));
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().get(0).header("Authorization")).isEqualTo("Bearer hf_secret");
            assertThat(server.requests().get(0).header("Host")).startsWith("127.0.0.1");
            assertThat(server.requests().get(1).header("Authorization")).isNull();
            assertThat(server.requests().get(1).header("Host")).startsWith("localhost");
            it = new FetchCase(Files.createDirectory(folder.resolve("second")), 10);
            it.hub = FetchCase.hub(server.address(), "hf_secret");
            assertThat(problem(it.entry(server.address())))
                    .contains("answers 401")
                    .contains("HF_TOKEN")
                    .doesNotContain("hf_secret");
            assertThat(it.hub.toString()).doesNotContain("hf_secret");
        }
    }

    @Test
    void anotherServerThanTheHub_neverSeesTheToken() throws Exception {
        try (HostileServer server = script(Act.CUT)) {
            it.hub = FetchCase.hub("http://localhost:1", "hf_secret");
            it.fetch(it.entry(server.address()));
            assertThat(server.requests())
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).isNull());
        }
    }

    @Test
    void aHubsDigest_holdsAFileThatTheLockDoesNot() throws Exception {
        try (HostileServer server = new HostileServer(_ -> Act.REDIRECT).put("/" + FILE, it.original)) {
            it.hub = FetchCase.hub(server.address(), null);
            LockEntry entry = it.held(FILE, "null", "null", server.address());
            server.link("/" + FILE, ZEROS);
            assertThat(problem(entry)).contains("expected " + ZEROS);
            server.link("/" + FILE, Sha256.ofFile(it.original));
            it.fetch(entry);
            assertThat(it.isRight()).isTrue();
            assertThat(LinkedFiles.of(entry, it.hub, it.options).get(FILE))
                    .isEqualTo(new CacheCheck.Found(BYTES, Sha256.ofFile(it.original)));
        }
    }

    @Test
    void locked_refusesWhatHasNoDigestBeforeAnyByte() throws Exception {
        it.options = FetchOptions.of(1, true, Duration.ofSeconds(1));
        try (HostileServer server = script()) {
            assertThat(problem(it.held(FILE, "null", "null", server.address())))
                    .isEqualTo(
                            "thing: models.lock has no sha256 for data.jsonl; fetch it without --locked, then record what"
                                    + " came: razor models lock thing");
            assertThat(server.requests()).isEmpty();
            it.fetch(it.entry(server.address()));
        }
    }

    @Test
    void aDiskThatIsTooSmall_isToldBeforeAnyByte() throws Exception {
        it.free = BYTES - 1;
        try (HostileServer server = script()) {
            assertThat(problem(it.entry(server.address())))
                    .isEqualTo(
                            "thing: needs 1,000,000 more bytes, the disk of %s has 999,999; free space, or choose another with --cache"
                                    .formatted(it.cache.directory()));
            assertThat(server.requests()).isEmpty();
            it.free = BYTES;
            it.fetch(it.entry(server.address()));
        }
    }

    @Test
    void programsInDisguise_areRefused() throws Exception {
        Files.write(it.original, HexFormat.of().parseHex("80027d710158"));
        try (HostileServer server = script().put("/model.safetensors", it.original)) {
            assertThat(problem(it.entry(server.address()))).contains("is a Python pickle");
            Files.writeString(it.original, "weights of another kind");
            assertThat(problem(it.held(
                            "model.safetensors",
                            Long.toString(Files.size(it.original)),
                            Sha256.ofFile(it.original),
                            server.address())))
                    .contains("is no safetensors file");
            Files.writeString(it.original, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
            assertThat(problem(it.held(FILE, "null", "null", server.address()))).contains("Git LFS");
        }
    }

    @Test
    void aWebPage_isNotAFileWithoutADigest() throws Exception {
        try (HostileServer server = new HostileServer(_ -> Act.WEB_PAGE).put("/" + FILE, it.original)) {
            assertThat(problem(it.held(FILE, "null", "null", server.address()))).contains("answers with a web page");
        }
    }

    @Test
    void linksInTheCache_areNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createDirectories(it.cache.directory().resolve(".fetch/thing"));
        Files.createSymbolicLink(it.cache.directory().resolve(".fetch/thing/parts"), elsewhere);
        try (HostileServer server = script()) {
            assertThat(problem(it.entry(server.address()))).endsWith("parts is a link; delete it");
        }
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aDirectoryWithOtherFiles_isLeftAlone() throws Exception {
        Files.createDirectories(it.place());
        Files.writeString(it.place().resolve(FILE), "mine");
        try (HostileServer server = script()) {
            assertThatThrownBy(() -> it.fetch(it.entry(server.address())))
                    .hasMessageContaining("lacks files of models.lock, or has them in other sizes");
        }
        assertThat(it.place().resolve(FILE)).hasContent("mine");
    }

    @Test
    void fetchesOfOneEntryAtOnce_downloadItOnce() throws Exception {
        try (HostileServer server = script();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            server.slow(4_000_000);
            LockEntry entry = it.entry(server.address());
            List<Future<Fetch.Outcome>> outcomes = threads.invokeAll(Collections.nCopies(4, () -> it.fetch(entry)));
            long fetched = 0;
            for (Future<Fetch.Outcome> outcome : outcomes) {
                fetched += outcome.get().wasThere() ? 0 : 1;
            }
            assertThat(fetched).isEqualTo(1);
            assertThat(server.requests()).hasSize(1);
            assertThat(it.notices)
                    .hasSize(3)
                    .allMatch(line -> line.equals("thing: another process is fetching it; waiting"));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aKilledProcess_isGoneOnFrom() throws Exception {
        try (HostileServer server = script()) {
            server.slow(400_000);
            it.entry(server.address());
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            FetchMain.class.getName(),
                            folder.toString())
                    .inheritIO()
                    .start();
            Path part = it.cache.directory().resolve(".fetch/thing/parts/" + FILE);
            while (process.isAlive() && (!Files.exists(part) || Files.size(part) < 200_000)) {
                Thread.sleep(10);
            }
            process.destroyForcibly().waitFor();
            long kept = Files.size(part);
            assertThat(kept).isBetween(200_000L, BYTES - 1L);
            assertThat(it.place()).doesNotExist();
            server.slow(Long.MAX_VALUE);
            it.fetch(it.entry(server.address()));
            assertThat(server.requests().getLast().header("Range")).isEqualTo("bytes=%d-".formatted(kept));
            assertThat(it.isRight()).isTrue();
        }
    }
}
