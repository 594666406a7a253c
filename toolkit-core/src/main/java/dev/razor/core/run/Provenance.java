package dev.razor.core.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where a result came from: the program, the machine and the command.
///
/// @param razorVersion the release, or `unknown` when started from class files
/// @param gitCommit the commit of the checkout that Razor runs in, `-dirty` behind it if files are changed; may
///     be null
/// @param javaVersion the JDK's version and maker
/// @param os the operating system's name, version and architecture
/// @param cpu the processor's name
/// @param cores how many processors this process may use
/// @param libtorchVersion as the engine reports it
/// @param commandLine the arguments of the command
/// @param startTime when the command started
public record Provenance(
        String razorVersion,
        @Nullable String gitCommit,
        String javaVersion,
        String os,
        String cpu,
        int cores,
        String libtorchVersion,
        List<String> commandLine,
        Instant startTime) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// What can be found out here and now.
    public static Provenance capture(String libtorchVersion, List<String> commandLine, Instant startTime) {
        String home = System.getProperty("razor.home");
        return new Provenance(
                Objects.requireNonNullElse(Provenance.class.getPackage().getImplementationVersion(), "unknown"),
                home == null ? null : GitCommit.of(Path.of(home)),
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                Stream.of("os.name", "os.version", "os.arch")
                        .map(System::getProperty)
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow(),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                libtorchVersion,
                List.copyOf(commandLine),
                startTime);
    }

    /// The record as a JSON object, with names in snake_case.
    public ObjectNode toJson() {
        ObjectNode json = lastingJson();
        commandLine.forEach(json.putArray("command_line")::add);
        json.put("start_time", startTime.toString());
        return json;
    }

    /// The same without what differs from one call to the next: the command line and the time.
    public ObjectNode lastingJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("razor_version", razorVersion);
        json.put("git_commit", gitCommit);
        json.put("java_version", javaVersion);
        json.put("os", os);
        json.put("cpu", cpu);
        json.put("cores", cores);
        json.put("libtorch_version", libtorchVersion);
        return json;
    }

    /// Writes the record to a new file.
    ///
    /// @throws dev.razor.core.base.ConfigException if the file exists or cannot be written
    public void write(Path file) {
        OutputDirectory.publish(file, path -> Files.writeString(path, JSON.writeValueAsString(toJson()) + "\n"));
    }

    /// The name of this machine's processor.
    public static String cpuModel() {
        return cpuModel(Path.of("/proc/cpuinfo"));
    }

    /// The first `model name` of Linux's list of processors; the architecture where there is none.
    static String cpuModel(Path cpuinfo) {
        try (Stream<String> lines = Files.lines(cpuinfo, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException _) {
            return System.getProperty("os.arch");
        }
    }
}
