package dev.razor.core.run;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The end of a metrics file that a resumed run writes again.
final class MetricsTail {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MetricsTail() {}

    /// Cuts `file` before its first line that is beyond step `lastStep` or not whole. A missing file is left
    /// missing.
    static void cut(Path file, long lastStep) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            int kept = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    if (step(new String(bytes, kept, i - kept, StandardCharsets.UTF_8), file) > lastStep) {
                        break;
                    }
                    kept = i + 1;
                }
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(kept);
            }
        } catch (IOException e) {
            throw new ConfigException("output: cannot resume %s: %s".formatted(file, IoReason.of(e)), e);
        }
    }

    private static long step(String line, Path file) {
        try {
            JsonNode step = JSON.readTree(line).get("step");
            if (step != null && step.canConvertToLong()) {
                return step.longValue();
            }
        } catch (JacksonException _) {
            // reported below, like a line without a step
        }
        throw new ConfigException(
                "output: cannot resume %s: got the line %s, which has no step; start a new run".formatted(file, line));
    }
}
