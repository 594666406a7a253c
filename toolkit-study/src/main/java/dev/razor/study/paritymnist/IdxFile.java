package dev.razor.study.paritymnist;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A file of MNIST's IDX format, compressed by gzip or not: unsigned bytes in an array of one or more axes.
///
/// ```
/// 0 0 8 n    size of axis 1    ...    size of axis n    bytes        sizes: 32 bits, the highest byte first
/// ```
///
/// @param sizes of the axes
/// @param bytes row after row
/// @see <a href="http://yann.lecun.com/exdb/mnist/">the MNIST database</a>
record IdxFile(List<Integer> sizes, byte[] bytes) {

    private static final int UNSIGNED_BYTES = 8;

    /// No data set of this form has more.
    private static final long MOST_BYTES = 1L << 30;

    /// Reads `path`.
    ///
    /// @param axes how many it must have: 1 for labels, 3 for images
    /// @throws DataException in one line if it cannot be read or is not such a file
    static IdxFile read(Path path, int axes) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path));
                DataInputStream in = new DataInputStream(plain(raw))) {
            int magic = in.readInt();
            if (magic != (UNSIGNED_BYTES << 8 | axes)) {
                throw new DataException("%s: begins with 0x%08x, expected 0x%08x for bytes in %d axes; %s"
                        .formatted(path, magic, UNSIGNED_BYTES << 8 | axes, axes, "is it the right file?"));
            }
            List<Integer> sizes = new ArrayList<>();
            long count = 1;
            for (int i = 0; i < axes; i++) {
                int size = in.readInt();
                sizes.add(size);
                count *= Math.max(0, size);
                if (size <= 0 || count > MOST_BYTES) {
                    throw new DataException(
                            "%s: states the sizes %s, which no such file has; get it again".formatted(path, sizes));
                }
            }
            byte[] bytes = in.readNBytes(Math.toIntExact(count));
            if (bytes.length < count || in.read() >= 0) {
                throw new DataException("%s: has %s bytes of data, its header states %d; get it again"
                        .formatted(path, bytes.length < count ? bytes.length : "more", count));
            }
            return new IdxFile(List.copyOf(sizes), bytes);
        } catch (EOFException | ZipException e) {
            throw new DataException("%s: is cut short or damaged (%s); get it again".formatted(path, reason(e)), e);
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be read: %s; data must be a folder with mnist/ and fashion-mnist/"
                            .formatted(path, IoReason.of(e)),
                    e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "it ends too early" : e.getMessage();
    }

    private static InputStream plain(InputStream raw) throws IOException {
        raw.mark(2);
        boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return zipped ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdxFile file && sizes.equals(file.sizes) && Arrays.equals(bytes, file.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * sizes.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "IdxFile" + sizes;
    }
}
