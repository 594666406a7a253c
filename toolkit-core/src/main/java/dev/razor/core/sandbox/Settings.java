package dev.razor.core.sandbox;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The first line that a sandboxed process gets: how it has to confine itself (`confine.py`).
final class Settings {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Settings() {}

    /// @param threads how many threads of this user the kernel may count; zero for no limit of its own
    /// @param readable with Landlock, all that may be opened; empty where a file system of its own bounds it
    static String json(Limits limits, int threads, List<Path> readable) {
        boolean ownFiles = readable.isEmpty();
        ObjectNode settings = JSON.createObjectNode()
                .put("memory", limits.memoryBytes())
                .put("file_size", ownFiles ? limits.fileBytes() : 0)
                .put("open_files", limits.openFiles())
                .put("cpu_seconds", limits.cpuSeconds())
                .put("threads", threads)
                .put("filter", HexFormat.of().formatHex(SyscallFilter.program(!ownFiles)));
        readable.forEach(path -> settings.withArray("landlock").add(path.toString()));
        if (ownFiles) {
            settings.putNull("landlock");
        }
        return settings.toString();
    }
}
