package dev.razor.cli.doctor;

import ai.djl.engine.EngineException;
import dev.razor.core.base.UserException;
import dev.razor.core.tensor.LibtorchCheck;
import dev.razor.core.tensor.TensorException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A program of its own that loads libtorch, computes on each device, and prints one line of JSON: what a wrong
/// library does to a process happens to this one.
public final class LibtorchProbe {

    private static final JsonMapper JSON = JsonMapper.shared();

    private LibtorchProbe() {}

    /// What it found.
    ///
    /// @param version empty where no libtorch was loaded
    /// @param cuda whether it is a build for CUDA
    /// @param devices the GPUs that libtorch sees
    /// @param problem of the first device that does not compute, or of the loading; empty if there is none
    public record Answer(String version, String folder, boolean cuda, int devices, String problem) {}

    public static void main(String[] args) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        try {
            LibtorchCheck check = LibtorchCheck.load();
            json.put("version", check.version())
                    .put("folder", check.folder())
                    .put("cuda", check.cuda())
                    .put("devices", check.devices());
            LibtorchCheck.compute("cpu");
            for (int i = 0; i < check.devices(); i++) {
                LibtorchCheck.compute("cuda:" + i);
            }
        } catch (UserException e) {
            json.put("problem", e.problems().getFirst());
        } catch (EngineException | TensorException | LinkageError e) {
            json.put("problem", told(e));
        }
        System.out.println(JSON.writeValueAsString(json));
        System.exit(0); // libtorch's threads are not waited for
    }

    /// The answer in what the program printed.
    static Optional<Answer> read(String out) {
        List<String> lines = out.lines().filter(line -> line.startsWith("{")).toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(lines.getLast());
            return Optional.of(new Answer(
                    json.path("version").asString(""),
                    json.path("folder").asString(""),
                    json.path("cuda").asBoolean(false),
                    json.path("devices").asInt(0),
                    json.path("problem").asString("")));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// Its message, and that of what was at the bottom of it.
    private static String told(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = firstLine(Objects.requireNonNullElse(e.getMessage(), e.toString()));
        return e.getCause() == null ? message : "%s (%s)".formatted(message, firstLine(cause.toString()));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
