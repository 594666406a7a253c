package dev.razor.core.sandbox;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The kernel's namespaces, made by bubblewrap: no network, no process, file, user or shared memory of the
/// machine but Python's own read-only files.
///
/// The program runs as an unprivileged user who holds no capability and can get none; run by root, bubblewrap
/// itself is started as the user `nobody`. When the process that started it ends, everything in the sandbox
/// ends.
///
/// @see <a href="https://github.com/containers/bubblewrap">bubblewrap</a>
final class BubblewrapSandbox extends Sandbox {

    private static final String NOBODY = "65534";
    private static final String REMEDY =
            "install it (apt install bubblewrap), or run razor eval --execute in the execution container";

    private final Path bubblewrap;
    private final Python python;
    private final List<String> asNobody;
    private final String version;

    private BubblewrapSandbox(Path bubblewrap, Python python, List<String> asNobody, String version) {
        this.bubblewrap = bubblewrap;
        this.python = python;
        this.asNobody = asNobody;
        this.version = version;
    }

    /// The sandbox, tried out.
    ///
    /// @throws ConfigException if there is no bubblewrap, no Python, or the kernel does not let them
    static BubblewrapSandbox tried() {
        Path bubblewrap = Executables.find("bwrap")
                .orElseThrow(() -> new ConfigException("sandbox: running model-written code needs bubblewrap, got no"
                        + " bwrap on the PATH; " + REMEDY));
        String version = PythonProcess.output(List.of(bubblewrap.toString(), "--version"))
                .strip()
                .replaceFirst("^bubblewrap ", "");
        List<String> problems = new ArrayList<>();
        for (Python python : Python.all()) {
            BubblewrapSandbox sandbox = new BubblewrapSandbox(bubblewrap, python, asNobody(), version);
            try (PythonProcess process = sandbox.start(Harness.CANDIDATE, Limits.DEFAULT)) {
                process.awaitReady();
                return sandbox;
            } catch (ConfigException e) {
                problems.add(e.getMessage());
            }
        }
        throw new ConfigException(problems.getFirst());
    }

    @Override
    public String description() {
        return "bubblewrap %s, Python %s".formatted(version, python.version());
    }

    @Override
    PythonProcess start(Harness harness, Limits limits) {
        List<String> command = new ArrayList<>(asNobody);
        command.add(bubblewrap.toString());
        command.addAll(isolation());
        command.addAll(fileSystem(limits));
        command.addAll(python.command(harness));
        // Of the threads that the kernel counts, one is bubblewrap's own first process.
        String settings = Settings.json(limits, limits.threads() + 1, List.of());
        return new PythonProcess(command, settings, limits.lineBytes(harness));
    }

    private static List<String> isolation() {
        return List.of(
                "--unshare-user", // its own users,
                "--unshare-pid", // processes,
                "--unshare-net", // network: not even a loopback that leads anywhere,
                "--unshare-ipc", // shared memory and queues,
                "--unshare-uts", // host name
                "--unshare-cgroup-try", // and view of control groups
                "--disable-userns", // and no further ones
                "--uid",
                NOBODY,
                "--gid",
                NOBODY,
                "--cap-drop",
                "ALL",
                "--die-with-parent",
                "--new-session", // cannot type into our terminal
                "--hostname",
                "sandbox",
                "--clearenv",
                "--setenv",
                "PYTHONHASHSEED", // sets are read in the same order in every run
                "0");
    }

    private List<String> fileSystem(Limits limits) {
        List<String> options = new ArrayList<>();
        for (Path file : python.files()) {
            options.addAll(List.of("--ro-bind", file.toString(), file.toString()));
        }
        for (String folder : List.of("/lib", "/lib64")) {
            Path path = Path.of(folder);
            if (Files.isSymbolicLink(path)) {
                options.addAll(List.of("--symlink", "usr" + folder, folder));
            } else if (Files.isDirectory(path)) {
                options.addAll(List.of("--ro-bind", folder, folder));
            }
        }
        options.addAll(List.of("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"));
        for (String device : List.of("/dev/null", "/dev/urandom")) {
            options.addAll(List.of("--dev-bind", device, device));
        }
        options.addAll(List.of("--size", Long.toString(limits.fileBytes()), "--tmpfs", "/tmp"));
        options.addAll(List.of("--remount-ro", "/", "--chdir", "/tmp", "--"));
        return options;
    }

    /// What has to stand before bubblewrap where we are root: root outside of the sandbox is what its user
    /// would be, and the kernel's limit on processes does not hold for root.
    private static List<String> asNobody() {
        if (!isRoot()) {
            return List.of();
        }
        Path setpriv = Executables.find("setpriv")
                .orElseThrow(() -> new ConfigException("sandbox: root needs setpriv to start bubblewrap as nobody, got"
                        + " none on the PATH; install util-linux, or run as another user"));
        return List.of(
                setpriv.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs", "--");
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException | UnsupportedOperationException e) {
            throw new ConfigException(
                    "sandbox: cannot tell the user from /proc, got %s; bubblewrap needs Linux with /proc"
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
