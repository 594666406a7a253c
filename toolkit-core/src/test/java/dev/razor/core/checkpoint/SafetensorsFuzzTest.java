package dev.razor.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged headers: whatever happens to one, reading it ends in the right entries or in a one-line problem.
final class SafetensorsFuzzTest {

    private static final int MUTATIONS = 2000;
    private static final int FILES = 100;

    private final byte[] whole = read();

    @TempDir
    private Path directory;

    private static byte[] read() {
        try {
            return Files.readAllBytes(Golden.model().resolve(Checkpoint.SINGLE));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void parse_ofADamagedHeader_endsInEntriesOrInAProblem() {
        int length = Math.toIntExact(
                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        byte[] header = Arrays.copyOfRange(whole, 8, 8 + length);
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] damaged = mutate(header, new Random(seed));
            try {
                SafetensorsHeader.parse("x", damaged, whole.length - 8 - length);
            } catch (CheckpointException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed %d", seed)
                        .hasSizeLessThan(1000)
                        .doesNotContainPattern("\\R");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        // Only what hits white space or the middle of a name can go unnoticed.
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
    }

    @Test
    void open_ofADamagedFile_endsInEntriesOrInAProblem() {
        Path file = directory.resolve("x.safetensors");
        for (int seed = 0; seed < FILES; seed++) {
            Random random = new Random(1_000_000 + seed);
            byte[] damaged = random.nextBoolean() ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (damaged.length > 8) {
                damaged[random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
            }
            SafetensorsBytes.write(file, damaged);
            try {
                SafetensorsFile.open(file).close();
            } catch (CheckpointException e) {
                assertThat(e.getMessage()).as("seed %d", seed).doesNotContainPattern("\\R");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /// Flips bits, cuts a piece out, or puts bytes in.
    private static byte[] mutate(byte[] original, Random random) {
        int at = random.nextInt(original.length);
        int count = 1 + random.nextInt(8);
        return switch (random.nextInt(4)) {
            case 0 -> {
                byte[] flipped = original.clone();
                for (int i = 0; i < count; i++) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
            case 1 -> Arrays.copyOf(original, at);
            case 2 -> splice(original, at, Math.min(original.length, at + count), new byte[0]);
            default -> {
                byte[] more = new byte[count];
                random.nextBytes(more);
                if (random.nextBoolean()) {
                    String signs = "{}[]\",:0123456789-eE.\\n";
                    for (int i = 0; i < count; i++) {
                        more[i] = (byte) signs.charAt(random.nextInt(signs.length()));
                    }
                }
                yield splice(original, at, at, more);
            }
        };
    }

    private static byte[] splice(byte[] original, int from, int to, byte[] more) {
        byte[] result = Arrays.copyOf(original, original.length - (to - from) + more.length);
        System.arraycopy(more, 0, result, from, more.length);
        System.arraycopy(original, to, result, from + more.length, original.length - to);
        return result;
    }
}
