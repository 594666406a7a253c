package dev.razor.core.sandbox;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A container made for running model-written code: no network, no capability, read-only root, a user who is not
/// root.
///
/// What runs inside shares that container and its user with us, so each process is closed in further: it can
/// open no file but Python's own, and those only for reading (Landlock, Linux 5.13), make no other process,
/// signal none, watch none and open no socket (seccomp).
final class ContainerSandbox extends Sandbox {

    private final Python python;

    private ContainerSandbox(Python python) {
        this.python = python;
    }

    /// The container that we are in, checked and tried out.
    ///
    /// @throws ConfigException if it lacks something; one line each
    static ContainerSandbox here() {
        List<String> problems;
        try {
            List<String> interfaces = NetworkInterface.networkInterfaces()
                    .filter(each -> !isLoopback(each))
                    .map(NetworkInterface::getName)
                    .sorted()
                    .toList();
            Path self = Path.of("/proc/self");
            problems = ContainerCheck.problems(
                    (int) Files.getAttribute(self, "unix:uid"),
                    Files.readAllLines(self.resolve("status")),
                    Files.readAllLines(self.resolve("mountinfo")),
                    interfaces);
        } catch (IOException | UnsupportedOperationException e) {
            throw new ConfigException(
                    "sandbox: cannot look at this container, got %s; it must be Linux with /proc".formatted(e), e);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        ContainerSandbox sandbox = new ContainerSandbox(Python.all().getFirst());
        try (PythonProcess process = sandbox.start(Harness.CANDIDATE, Limits.DEFAULT)) {
            process.awaitReady();
        }
        return sandbox;
    }

    @Override
    public String description() {
        return "container without network, Landlock, Python " + python.version();
    }

    @Override
    PythonProcess start(Harness harness, Limits limits) {
        String settings = Settings.json(limits, 0, readable());
        return new PythonProcess(python.command(harness), settings, limits.lineBytes(harness));
    }

    private List<Path> readable() {
        List<Path> readable = new ArrayList<>(python.files());
        Stream.of("/lib", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")
                .map(Path::of)
                .filter(path -> Files.exists(path) && !Files.isSymbolicLink(path))
                .forEach(readable::add);
        return readable;
    }

    private static boolean isLoopback(NetworkInterface each) {
        try {
            return each.isLoopback();
        } catch (IOException _) {
            return false;
        }
    }
}
