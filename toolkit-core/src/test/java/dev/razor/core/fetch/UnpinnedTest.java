package dev.razor.core.fetch;

import static dev.razor.core.fetch.FetchCase.FILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.fetch.HostileServer.Act;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files without a digest in the lock: what a server tells of them first holds what it tells later.
final class UnpinnedTest {

    private static final int BYTES = 100_000;

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

    private LockEntry unpinned(String bytes, HostileServer server) throws IOException {
        return it.held(FILE, bytes, "null", server.address());
    }

    private void part(byte[] bytes, String... note) throws IOException {
        Path root = it.cache.directory().resolve(".fetch/thing");
        Files.createDirectories(root.resolve("parts"));
        Files.createDirectories(root.resolve("sources"));
        Files.write(root.resolve("parts/" + FILE), bytes);
        if (note.length > 0) {
            Files.write(root.resolve("sources/" + FILE), List.of(note));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"ENDS_HERE", "TOO_SHORT", "UNTAGGED_OTHER_PART", "SHORTER", "CUT"})
    void afterACut_noAnswerMakesAFileOfWhatIsNotAll(Act act) throws Exception {
        try (HostileServer server = script(Act.CUT, act)) {
            it.fetch(unpinned("null", server));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aPartOfAWholeOfUnknownLength_isNotTakenForTheEnd() throws Exception {
        try (HostileServer server = script(Act.CUT_CHUNKS, Act.ENDLESS_PART)) {
            it.fetch(unpinned("null", server));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void theTotalToldFirst_holdsInTheNextProcessToo() throws Exception {
        it.options = new FetchOptions(1, false, Duration.ofSeconds(1), 1, Duration.ofMillis(1));
        try (HostileServer server = script(Act.CUT, Act.ENDS_HERE)) {
            assertThatThrownBy(() -> it.fetch(unpinned("null", server))).isInstanceOf(DataException.class);
            it.fetch(unpinned("null", server));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aServerThatStaysWithAnotherTotal_isALine() throws Exception {
        try (HostileServer server = new HostileServer(
                        request -> request.header("Range") == null ? Act.CUT : Act.ENDS_HERE)
                .put("/" + FILE, it.original)) {
            assertThatThrownBy(() -> it.fetch(unpinned("null", server)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("answers 416: it has no more bytes than are here already");
            assertThat(it.place()).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "another address", "no tag", "another tag"})
    void aFullPartOfUnknownOrigin_isFetchedAnew(String origin) throws Exception {
        try (HostileServer server = script()) {
            String address = server.address() + "/" + FILE;
            String total = Integer.toString(BYTES);
            switch (origin) {
                case "none" -> part(new byte[BYTES]);
                case "another address" -> part(new byte[BYTES], server.address() + "/old/" + FILE, "\"one\"", total);
                case "no tag" -> part(new byte[BYTES], address, "", total);
                default -> part(new byte[BYTES], address, "\"zero\"", total);
            }
            it.fetch(unpinned(total, server));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aFullPart_isHeldToTheHubsDigest() throws Exception {
        try (HostileServer server = script()) {
            it.hub = FetchCase.hub(server.address(), null);
            server.link("/" + FILE, Sha256.ofFile(it.original));
            part(new byte[BYTES], server.address() + "/" + FILE, "\"one\"", Integer.toString(BYTES));
            it.fetch(unpinned(Integer.toString(BYTES), server));
            assertThat(it.isRight()).isTrue();
        }
    }

    @Test
    void aFullPartOfTheSameFile_isNotFetchedTwice() throws Exception {
        try (HostileServer server = script()) {
            part(Files.readAllBytes(it.original), server.address() + "/" + FILE, "\"one\"", Integer.toString(BYTES));
            it.fetch(unpinned("null", server));
            assertThat(it.isRight()).isTrue();
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().getFirst().header("Range")).isEqualTo("bytes=100000-");
        }
    }
}
