package dev.razor.core.run;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/// SHA-256 digests, in lower-case hexadecimal.
public final class Sha256 {

    private static final int BUFFER = 1 << 20;

    /// What decides a model's outputs beside its `*.safetensors` files.
    private static final Set<String> MODEL_FILES = Set.of(
            "adapter_config.json",
            "config.json",
            "generation_config.json",
            "model.safetensors.index.json",
            "razor_adapter.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json");

    private Sha256() {}

    /// The digest of a file's bytes, read piece by piece.
    ///
    /// @throws DataException if it cannot be read
    public static String ofFile(Path file) {
        return told(file, () -> digest(file));
    }

    /// As [#ofFile(Path)], always of the bytes that lie there now; `progress` is told of every piece how many
    /// bytes it had.
    public static String ofFile(Path file, LongConsumer progress) {
        return told(file, () -> read(file, progress));
    }

    private interface Digest {
        String take() throws IOException;
    }

    private static String told(Path file, Digest digest) {
        try {
            return digest.take();
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, IoReason.of(e)), e);
        }
    }

    /// The digest of a text's UTF-8 bytes.
    public static String ofText(String text) {
        return hex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// One digest of a Hugging Face model directory: of its configuration, weights and tokenizer files. That of
    /// an adapter's directory holds its base through `razor_adapter.json`, which states the base's digest.
    ///
    /// It is the digest of the text that `sha256sum` prints for these files in the order of their names, so
    /// that a shell can check it:
    ///
    /// ```
    /// export LC_ALL=C
    /// cd MODEL && sha256sum config.json *.safetensors tokenizer.json ... | sort -k2 | sha256sum
    /// ```
    ///
    /// @throws CheckpointException if there is no `config.json` or `adapter_config.json`, or a file cannot be
    ///     read
    public static String ofModel(Path directory) {
        if (!Files.isRegularFile(directory.resolve("config.json"))
                && !Files.isRegularFile(directory.resolve("adapter_config.json"))) {
            throw new CheckpointException(
                    "%s: holds no config.json; give a Hugging Face model directory".formatted(directory));
        }
        StringBuilder lines = new StringBuilder();
        try {
            for (String name : modelFiles(directory)) {
                lines.append("%s  %s\n".formatted(digest(directory.resolve(name)), name));
            }
        } catch (IOException e) {
            throw new CheckpointException("%s: cannot be read: %s".formatted(directory, IoReason.of(e)), e);
        }
        return ofText(lines.toString());
    }

    private static List<String> modelFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .filter(name -> MODEL_FILES.contains(name) || name.endsWith(".safetensors"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Digests of large files that were read once: a study asks for its base model's again before each run.
    private static final Map<Known, String> KNOWN = new ConcurrentHashMap<>();

    private static final long LARGE = 1 << 20;

    /// A file whose bytes are taken for the same as long as none of this has changed.
    private record Known(Path file, long size, FileTime modified) {}

    /// A file that was changed in these last moments may change again within one tick of the clock, so that it
    /// is read each time.
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static String digest(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        FileTime modified = attributes.lastModifiedTime();
        if (attributes.size() < LARGE
                || modified.toInstant().isAfter(Instant.now().minus(SETTLED))) {
            return read(file, _ -> {});
        }
        Known known = new Known(file.toRealPath(), attributes.size(), modified);
        String digest = KNOWN.get(known);
        if (digest == null) {
            digest = read(file, _ -> {});
            KNOWN.put(known, digest);
        }
        return digest;
    }

    private static String read(Path file, LongConsumer progress) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                progress.accept(n);
            }
        }
        return hex(digest.digest());
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
