package dev.razor.study.paritymnist;

import dev.razor.core.random.Draws;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// A folder of two data sets in MNIST's form, of images of 3 by 3 pixels: class `k` is bright at pixel `k`
/// (class 9: at pixels 0 and 8), under noise.
final class TinyVision {

    static final int PIXELS = 9;

    private TinyVision() {}

    static Path write(Path folder, int train, int test) throws IOException {
        for (String set : new String[] {"mnist", "fashion-mnist"}) {
            Path data = Files.createDirectories(folder.resolve(set));
            write(data, "train", train, set.length());
            write(data, "t10k", test, set.length() + 100);
        }
        return folder;
    }

    private static void write(Path folder, String set, int count, long seed) throws IOException {
        RandomGenerator random = Draws.generator(seed);
        byte[] labels = new byte[count];
        byte[] pixels = new byte[count * PIXELS];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.nextInt(10);
            for (int p = 0; p < PIXELS; p++) {
                boolean bright = labels[i] == p || (labels[i] == 9 && (p == 0 || p == 8));
                pixels[i * PIXELS + p] = (byte) (random.nextInt(100) + (bright ? 150 : 0));
            }
        }
        Files.write(folder.resolve(set + "-images-idx3-ubyte"), idx(pixels, count, 3, 3));
        Files.write(folder.resolve(set + "-labels-idx1-ubyte"), idx(labels, count));
    }

    /// An IDX file of bytes.
    static byte[] idx(byte[] bytes, int... sizes) {
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + bytes.length);
        file.putInt(8 << 8 | sizes.length);
        for (int size : sizes) {
            file.putInt(size);
        }
        return file.put(bytes).array();
    }
}
