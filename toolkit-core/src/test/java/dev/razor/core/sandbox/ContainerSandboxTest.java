package dev.razor.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.RealSandbox;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// [Sandbox#find] in places of all kinds, each a Java process of its own. What a container runtime makes,
/// bubblewrap makes here: no network, no capability, read-only root, a user who is not root. Java runs inside.
class ContainerSandboxTest {

    private static final String FLAG = Sandbox.CONTAINER_VARIABLE;

    /// Like [ContainmentTest], but from within a container whose files and processes are those of our user.
    private static final String REACH = """
            import ctypes, os, signal, socket
            libc = ctypes.CDLL(None)
            found = []
            def attempt(name, call):
                try:
                    if call() != -1: found.append(name)
                except (OSError, ValueError): pass
            def f():
                parent = os.getppid()
                data, out = '%1$s/data', '%1$s/out'
                for path in (data, out, '/etc/passwd', '/proc/self/environ', '/proc/%%d/mem' %% parent, '/proc',
                             '/proc/%%d/environ' %% parent, '/proc/self/mem'):
                    attempt(path, lambda: os.close(os.open(path, os.O_RDONLY)))
                for flags in (os.O_WRONLY, os.O_RDWR, os.O_RDONLY | os.O_TRUNC, os.O_WRONLY | os.O_APPEND):
                    attempt('open %%d' %% flags, lambda: os.open(out, flags))
                attempt('create', lambda: os.open('%1$s/new', os.O_WRONLY | os.O_CREAT))
                attempt('truncate', lambda: os.truncate(out, 0))
                attempt('remove', lambda: os.remove(out))
                attempt('rename', lambda: os.rename(out, out + '2'))
                attempt('link', lambda: os.link(data, out + '3'))
                attempt('symlink', lambda: os.symlink(data, out + '4'))
                attempt('mkdir', lambda: os.mkdir('%1$s/folder'))
                attempt('chmod', lambda: os.chmod(out, 0))
                attempt('kill', lambda: os.kill(parent, signal.SIGKILL))
                attempt('kill all', lambda: os.kill(-1, signal.SIGKILL))
                attempt('tgkill', lambda: libc.syscall(234, parent, parent, 9))
                attempt('xattr', lambda: libc.syscall(463, -100, out.encode(), 0, b'user.a', bytes(16), 16))
                attempt('times', lambda: os.utime(out))
                import fcntl
                attempt('signal by a pipe', lambda: fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, parent))
                attempt('watch', lambda: libc.syscall(253))
                attempt('ptrace', lambda: libc.ptrace(16, parent, 0, 0))
                attempt('prlimit', lambda: libc.prlimit(parent, 7, ctypes.create_string_buffer(16), None))
                attempt('fork', os.fork)
                attempt('socket', lambda: socket.socket())
                attempt('memfd', lambda: libc.memfd_create(b'x', 0))
                attempt('ioctl on the terminal', lambda: os.open('/dev/tty', os.O_RDWR))
                attempt('landlock undone', lambda: libc.unshare(0x10000000))
                if 'SECRET' in os.environ: found.append('environment')
                import collections, decimal, json, random, re  # the library can still be read
                return found
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void needsBubblewrap() {
        var _ = RealSandbox.get();
    }

    private List<String> java(Map<String, String> environment, List<String> before, String program) throws IOException {
        Path file = Files.writeString(folder.resolve("program.py"), program);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ContainerRun.class.getName(),
                file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private List<String> container() {
        return List.of(
                "bwrap",
                "--unshare-user",
                "--unshare-net",
                "--unshare-pid",
                "--uid",
                "1000",
                "--gid",
                "1000",
                "--cap-drop",
                "ALL",
                "--ro-bind",
                "/",
                "/",
                "--dev",
                "/dev",
                "--proc",
                "/proc",
                "--bind",
                folder.toString(),
                folder.toString());
    }

    @Test
    void container_letsTheProgramReachNothing() throws IOException {
        Files.writeString(folder.resolve("data"), "the canonical solutions");
        Files.writeString(folder.resolve("out"), "the results");

        List<String> lines =
                java(Map.of(FLAG, "1", "SECRET", "x"), container(), REACH.formatted(folder.toAbsolutePath()));

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).startsWith("container without network, Landlock, Python 3");
        assertThat(lines.getLast()).isEqualTo("passed");
        assertThat(folder.resolve("out")).hasContent("the results");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("data", "out", "program.py");
    }

    @Test
    void theSameProgram_findsMuchWhereNothingConfinesIt() throws IOException {
        // The counter-check: the list above is not empty because the calls are wrong. Those that would hit the parent
        // are left out.
        String program = REACH.formatted(folder.toAbsolutePath())
                .replaceAll("attempt\\('(kill|kill all|tgkill|ptrace|prlimit|fork)'.*", "pass");
        Path file = Files.writeString(folder.resolve("free.py"), program + "\nprint(len(f()))\n");
        Files.writeString(folder.resolve("data"), "");
        Files.writeString(folder.resolve("out"), "");

        String found = PythonProcess.output(
                List.of(Python.all().getFirst().executable().toString(), file.toString()));

        assertThat(Integer.parseInt(found.strip())).isGreaterThan(12);
    }

    @Test
    void flagOutsideOfAContainer_isRefused_withEachThingThatLacks() throws IOException {
        assertThat(java(Map.of(FLAG, "1"), List.of(), ""))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("sandbox: the execution container (" + FLAG + "=1) must "))
                .anyMatch(line -> line.contains("must have a read-only root, got rw"));
    }

    @Test
    void flagOfAnotherValue_isRefused() throws IOException {
        assertThat(java(Map.of(FLAG, "yes"), List.of(), ""))
                .containsExactly(FLAG + ": must be 1 or unset, got yes; set it in the execution container only");
    }

    @Test
    void withoutBubblewrap_itIsRefused_withTheWayToGetIt() throws IOException {
        assertThat(java(Map.of("PATH", folder + File.pathSeparator), List.of(), ""))
                .containsExactly(
                        "sandbox: running model-written code needs bubblewrap, got no bwrap on the PATH; install it"
                                + " (apt install bubblewrap), or run razor eval --execute in the execution container");
    }

    @Test
    void bubblewrapThatCannotMakeNamespaces_isRefused_withItsWords() throws IOException {
        // Inside of a sandbox that forbids further user namespaces, as containers do.
        List<String> before = new ArrayList<>(container());
        before.add("--disable-userns");

        assertThat(java(Map.of(), before, ""))
                .singleElement()
                .asString()
                .startsWith("sandbox: cannot run code safely here, got: bwrap: ");
    }
}
