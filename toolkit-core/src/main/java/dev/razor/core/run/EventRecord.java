package dev.razor.core.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;

/// The bytes of TensorFlow's `Event` messages, written by hand, and their framing as records:
///
/// ```
/// record   uint64 length, uint32 masked(crc32c(length)), data, uint32 masked(crc32c(data))     little-endian
/// masked   ((crc >>> 15) | (crc << 17)) + 0xa282ead8
/// Event    1 wall_time: double, 2 step: int64, 3 file_version: string, 5 summary, 7 session_log
/// Summary  1 value (repeated): 1 tag: string, 2 simple_value: float
/// SessionLog  1 status: START = 1
/// ```
///
/// @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details">TFRecord</a>
final class EventRecord {

    private static final int MASK = 0xa282ead8;

    // protobuf's wire types
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private EventRecord() {}

    /// The values of one `Summary`.
    static final class Scalars {

        private final ByteArrayOutputStream summary = new ByteArrayOutputStream();

        void add(String tag, float value) {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            bytes(entry, 1, tag.getBytes(StandardCharsets.UTF_8));
            key(entry, 2, FIXED32);
            entry.writeBytes(little(4).putFloat(value).array());
            bytes(summary, 1, entry.toByteArray());
        }
    }

    /// The event that every file starts with.
    static byte[] version(Instant time) {
        ByteArrayOutputStream event = event(time, 0);
        bytes(event, 3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        return event.toByteArray();
    }

    /// The event that says that what follows starts at `step`.
    static byte[] start(Instant time, long step) {
        ByteArrayOutputStream event = event(time, step);
        bytes(event, 7, new byte[] {1 << 3 | VARINT, 1});
        return event.toByteArray();
    }

    static byte[] summary(Instant time, long step, Scalars scalars) {
        ByteArrayOutputStream event = event(time, step);
        bytes(event, 5, scalars.summary.toByteArray());
        return event.toByteArray();
    }

    /// `data` as a record of the file.
    static byte[] framed(byte[] data) {
        byte[] length = little(8).putLong(data.length).array();
        return little(16 + data.length)
                .put(length)
                .putInt(maskedCrc(length))
                .put(data)
                .putInt(maskedCrc(data))
                .array();
    }

    static int maskedCrc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteArrayOutputStream event(Instant time, long step) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        key(event, 1, FIXED64);
        event.writeBytes(little(8)
                .putDouble(time.getEpochSecond() + time.getNano() * 1e-9)
                .array());
        if (step != 0) {
            key(event, 2, VARINT);
            varint(event, step);
        }
        return event;
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        key(out, field, BYTES);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void key(ByteArrayOutputStream out, int field, int wireType) {
        out.write(field << 3 | wireType);
    }

    /// Seven bits a byte, lowest first; all but the last have the top bit set.
    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
