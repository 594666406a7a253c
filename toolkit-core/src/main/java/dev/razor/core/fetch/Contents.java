package dev.razor.core.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a file's first bytes say it is, whatever it is called: programs in disguise and stand-ins are refused.
final class Contents {

    private static final int LOOKED_AT = 64;
    private static final long LONGEST_HEADER = 100_000_000;

    private Contents() {}

    /// What is wrong with the file that is to be called `name`, or null.
    static @Nullable String problem(String name, Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(LOOKED_AT);
        }
        if (head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5) {
            return "is a Python pickle, which can run code when it is loaded; take the safetensors files instead";
        }
        if (new String(head, StandardCharsets.ISO_8859_1).startsWith("version https://git-lfs.github.com/spec/")) {
            return "is the pointer to a Git LFS file, not the file; take it from the hub's address";
        }
        return name.endsWith(".safetensors") && !isSafetensors(head, Files.size(file))
                ? "is no safetensors file, whatever its name says; take the model's safetensors files"
                : null;
    }

    /// Eight bytes with the header's length, and a header that fits and is a JSON object.
    private static boolean isSafetensors(byte[] head, long size) {
        if (head.length < 10) {
            return false;
        }
        long header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return header >= 2 && header <= LONGEST_HEADER && header <= size - 8 && head[8] == '{';
    }
}
