package dev.razor.core.fetch;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.SafetensorsFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// What a file's first bytes say it is, whatever it is called: programs in disguise and stand-ins are refused.
final class Contents {

    private static final int LOOKED_AT = 64;
    private static final int PAGE_LOOKED_AT = 4096;

    private static final String RUNS_CODE = "which can run code when it is loaded; take the safetensors files instead";

    private Contents() {}

    /// What is wrong with the file that is to be called `name`, or null.
    static @Nullable String problem(String name, Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(LOOKED_AT);
        }
        if (isPickle(head)) {
            return "is a Python pickle, " + RUNS_CODE;
        }
        if (isPickle(unzipped(head, file))) {
            return "is a gzipped Python pickle, " + RUNS_CODE;
        }
        if (head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4) {
            String problem = inArchive(file);
            if (problem != null) {
                return problem;
            }
        }
        if (new String(head, StandardCharsets.ISO_8859_1).startsWith("version https://git-lfs.github.com/spec/")) {
            return "is the pointer to a Git LFS file, not the file; take it from the hub's address";
        }
        return name.endsWith(".safetensors") ? notSafetensors(head, file) : null;
    }

    /// Of protocol 2 or later. Earlier ones begin as any text may.
    private static boolean isPickle(byte[] head) {
        return head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
    }

    /// The first bytes of what a gzip file holds; none of another file or a broken one, which nothing can unpack.
    private static byte[] unzipped(byte[] head, Path file) throws IOException {
        if (head.length < 2 || (head[0] & 0xff) != 0x1f || (head[1] & 0xff) != 0x8b) {
            return new byte[0];
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = new GZIPInputStream(bytes)) {
            return in.readNBytes(2);
        } catch (ZipException | EOFException _) {
            return new byte[0];
        }
    }

    /// `torch.save` writes a zip archive that holds a pickle, `data.pkl`.
    private static @Nullable String inArchive(Path file) throws IOException {
        // in this character set every name can be read
        try (var zip = new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1)) {
            return zip.stream()
                    .filter(entry -> entry.getName().matches("(?is).*\\.(pkl|pickle)"))
                    .findFirst()
                    .map(_ -> "is a zip archive that holds a Python pickle, " + RUNS_CODE)
                    .orElse(null);
        } catch (ZipException _) {
            return "begins as a zip archive and is none that can be looked into; take another file";
        }
    }

    /// Whether a file without a digest is a web page: of an error, of a login, of a proxy.
    static boolean isWebPage(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(PAGE_LOOKED_AT), StandardCharsets.UTF_8)
                    .replaceFirst("^\\x{feff}", "")
                    .stripLeading()
                    .toLowerCase(Locale.ROOT);
            return start.startsWith("<!doctype html") || start.startsWith("<html");
        }
    }

    /// What is wrong with its header, or with where its data end; none of the data is read.
    private static @Nullable String notSafetensors(byte[] head, Path file) {
        if (head.length < 10 || head[8] != '{') {
            return "is no safetensors file, whatever its name says; take the model's safetensors files";
        }
        try (var _ = SafetensorsFile.open(file)) {
            return null;
        } catch (CheckpointException e) {
            String reason = e.problems().getFirst();
            String path = file + ": ";
            return "is no safetensors file that can be read: "
                    + (reason.startsWith(path) ? reason.substring(path.length()) : reason);
        }
    }
}
