package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_000, 500_000_000));

    @TempDir
    private Path directory;

    /// Made by hand: wall_time 1.0 (09 + f64), step 300 (10 ac 02), summary of 16 bytes (2a 10) with one value of
    /// 14 (0a 0e): tag of 7 (0a 07), simple_value 0.5 (15 + f32). The two checksums come from the bitwise
    /// definition of CRC-32C (reflected polynomial 82f63b78), rotated and masked in Python.
    @Test
    void framed_isTheRecordMadeByHand() {
        EventRecord.Scalars scalars = new EventRecord.Scalars();
        scalars.add("train/a", 0.5f);
        byte[] record = EventRecord.framed(EventRecord.summary(Instant.ofEpochSecond(1), 300, scalars));
        assertThat(HexFormat.of().formatHex(record))
                .isEqualTo("1e00000000000000" + "d9dc1232" + "09000000000000f03f" + "10ac02" + "2a10" + "0a0e" + "0a07"
                        + "747261696e2f61" + "15" + "0000003f" + "5a6eeab2");
    }

    @Test
    void write_isReadBackByAnIndependentDecoder() throws IOException {
        LinkedHashMap<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("step", 7);
        metrics.put("loss", 2.5);
        metrics.put("tokens", 300L);
        metrics.put("eval_loss", Double.NaN);
        metrics.put("note", "text");
        try (EventFile events = EventFile.open(directory, 0, CLOCK)) {
            events.write(7, metrics);
            events.write(1L << 40, metrics);
        }
        List<Map<Integer, Object>> all = Events.read(files().getFirst());
        assertThat(all).hasSize(4);
        assertThat(all.get(0)).containsEntry(1, 1000.5).containsEntry(3, "brain.Event:2");
        assertThat(all.get(1)).containsEntry(7, "status 1").doesNotContainKey(2);
        assertThat(all.get(2))
                .containsEntry(1, 1000.5)
                .containsEntry(2, 7L)
                .containsEntry(5, List.of("train/loss=2.5", "train/tokens=300.0", "eval/loss=NaN"));
        assertThat(all.get(3)).containsEntry(2, 1L << 40);
    }

    @Test
    void write_isOnTheDiskBeforeClose() throws IOException {
        try (EventFile events = EventFile.open(directory, 0, CLOCK)) {
            events.write(1, new LinkedHashMap<>(Map.of("loss", 1.0)));
            assertThat(Events.read(files().getFirst())).hasSize(3);
        }
    }

    /// TensorBoard hides points of older files whose step is at least that of the START event.
    @Test
    void resume_startsALaterFileAtTheFirstStepComputedAgain() throws IOException {
        EventFile.open(directory, 0, CLOCK).close();
        EventFile.open(directory, 11, CLOCK).close(); // within the same second
        EventFile.resume(directory, 20).close();
        List<Path> files = files();
        assertThat(files).hasSize(3);
        assertThat(files.get(0).getFileName().toString()).startsWith("events.out.tfevents.0000001000.");
        assertThat(files.get(1).getFileName().toString()).startsWith("events.out.tfevents.0000001001.");
        assertThat(Events.read(files.get(1)).get(1)).containsEntry(2, 11L).containsEntry(7, "status 1");
        assertThat(Events.read(files.get(2)).get(1)).containsEntry(2, 21L).containsEntry(7, "status 1");
    }

    @Test
    void create_tellsWhatIsInTheWay() throws IOException {
        Path file = Files.writeString(directory.resolve("tensorboard"), "");
        assertThatThrownBy(() -> EventFile.create(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s is a file, not a directory; choose another".formatted(file));
    }

    /// In the order in which TensorBoard reads them.
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /// A decoder written from the formats' descriptions: field number to value.
    private static final class Events {

        static List<Map<Integer, Object>> read(Path file) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            List<Map<Integer, Object>> events = new ArrayList<>();
            while (bytes.hasRemaining()) {
                byte[] length = take(bytes, 8);
                assertThat(unmasked(bytes.getInt())).isEqualTo(crc32c(length));
                byte[] data = take(
                        bytes,
                        Math.toIntExact(ByteBuffer.wrap(length)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong()));
                assertThat(unmasked(bytes.getInt())).isEqualTo(crc32c(data));
                events.add(event(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN)));
            }
            return events;
        }

        private static Map<Integer, Object> event(ByteBuffer in) {
            Map<Integer, Object> fields = new LinkedHashMap<>();
            while (in.hasRemaining()) {
                int key = (int) varint(in);
                switch (key) {
                    case 1 << 3 | 1 -> fields.put(1, in.getDouble());
                    case 2 << 3 -> fields.put(2, varint(in));
                    case 3 << 3 | 2 -> fields.put(3, new String(sized(in).array(), StandardCharsets.UTF_8));
                    case 5 << 3 | 2 -> fields.put(5, summary(sized(in)));
                    case 7 << 3 | 2 -> {
                        ByteBuffer log = sized(in);
                        assertThat(varint(log)).isEqualTo(1 << 3);
                        fields.put(7, "status " + varint(log));
                    }
                    default -> throw new AssertionError("field key " + key);
                }
            }
            return fields;
        }

        private static List<String> summary(ByteBuffer in) {
            List<String> values = new ArrayList<>();
            while (in.hasRemaining()) {
                assertThat(varint(in)).isEqualTo(1 << 3 | 2);
                ByteBuffer value = sized(in);
                assertThat(varint(value)).isEqualTo(1 << 3 | 2);
                String tag = new String(sized(value).array(), StandardCharsets.UTF_8);
                assertThat(varint(value)).isEqualTo(2 << 3 | 5);
                values.add(tag + "=" + value.getFloat());
            }
            return values;
        }

        private static ByteBuffer sized(ByteBuffer in) {
            return ByteBuffer.wrap(take(in, (int) varint(in))).order(ByteOrder.LITTLE_ENDIAN);
        }

        private static byte[] take(ByteBuffer in, int size) {
            byte[] taken = new byte[size];
            in.get(taken);
            return taken;
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                int next = in.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        private static int unmasked(int masked) {
            int rotated = masked - 0xa282ead8;
            return rotated >>> 17 | rotated << 15;
        }

        /// The checksum from its definition, bit by bit.
        private static int crc32c(byte[] data) {
            int crc = -1;
            for (byte each : data) {
                crc ^= each & 0xff;
                for (int bit = 0; bit < 8; bit++) {
                    crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
                }
            }
            return ~crc;
        }
    }
}
