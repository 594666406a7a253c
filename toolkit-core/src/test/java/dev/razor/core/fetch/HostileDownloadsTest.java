package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.base.DataException;
import dev.razor.core.fetch.HostileServer.Act;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.run.OutputDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Downloads from a server that does at random whatever a server can do: each ends in the right bytes or in one
/// line, never in a wrong file at the final name.
final class HostileDownloadsTest {

    @TempDir
    private Path folder;

    @Test
    void downloadsOf3Megabytes_endInTheRightBytesOrInOneLine() throws Exception {
        download(3_000_000, 30, Duration.ofMillis(200));
    }

    @Test
    @Tag("slow")
    void downloadsOf300Megabytes_endInTheRightBytesOrInOneLine() throws Exception {
        download(300_000_000, 100, Duration.ofSeconds(1));
    }

    private void download(long bytes, int times, Duration stall) throws Exception {
        var it = new FetchCase(folder, bytes);
        it.options = new FetchOptions(1, false, stall, 6, Duration.ofMillis(1));
        int right = 0;
        int requests = 0;
        for (int seed = 0; seed < times; seed++) {
            var random = new SplittableRandom(seed);
            try (HostileServer server = new HostileServer(_ -> act(random)).put("/" + FetchCase.FILE, it.original)) {
                right += once(it, it.entry(server.address())) ? 1 : 0;
                requests += server.requests().size();
            }
            OutputDirectory.delete(it.cache.directory());
        }
        System.getLogger(HostileDownloadsTest.class.getName())
                .log(System.Logger.Level.INFO, "%d of %d right, %d requests".formatted(right, times, requests));
        // the acts are many and the patience is small, yet most must come through
        assertThat(right).isBetween(times / 2, times);
        assertThat(requests).isGreaterThan(2 * times);
    }

    /// Whether the bytes came; else there was one line, and nothing at the final name.
    private static boolean once(FetchCase it, LockEntry entry) throws IOException, InterruptedException {
        try {
            it.fetch(entry);
        } catch (DataException e) {
            assertThat(e.problems()).singleElement().asString().startsWith("thing/data.jsonl: cannot be fetched");
            assertThat(Files.exists(it.place())).isFalse();
            return false;
        }
        assertThat(it.isRight()).isTrue();
        return true;
    }

    /// Honest three times in ten; each of the other acts is as likely as any.
    private static synchronized Act act(SplittableRandom random) {
        if (random.nextInt(10) < 3) {
            return Act.HONEST;
        }
        Act act = List.of(Act.values()).get(random.nextInt(Act.values().length));
        return switch (act) {
            // these end it for good, which is told elsewhere; waiting a second each would only take time
            case MISSING, FORBIDDEN, BUSY -> Act.UNAVAILABLE;
            default -> act;
        };
    }
}
