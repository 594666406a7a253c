package dev.razor.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.sandbox.Verdict.Outcome;
import dev.razor.core.testing.RealSandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program can reach from inside the real sandbox: each answers what it found, and must find nothing.
class ContainmentTest {

    private static void returns(String program, String expected) {
        PythonTests tests = new PythonTests(RealSandbox.get(), Limits.DEFAULT.withTime(Duration.ofSeconds(10)));
        String test = "found = f()\nassert found == %s, found".formatted(expected);

        assertThat(tests.run(new PythonTest(program, "f", "", test))).isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    @Test
    void environment_holdsNothingOfOurs() {
        returns("import os\ndef f(): return sorted(os.environ)", "['LC_CTYPE', 'PWD', 'PYTHONHASHSEED']");
    }

    @Test
    void fileSystem_hasPythonsFilesAndNoOthers(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "42");
        String program = """
                import os
                def f():
                    found = []
                    for path in ('/etc/passwd', '/etc/shadow', '/root', '/home', '/proc/1/environ', '/proc/self/mem',
                                 '/sys', '/bin/sh', '/usr/bin/env', '/var', '/run', '/srv', '%s',
                                 '/tmp/../..%s', '/dev/mem', '/dev/tty', '/dev/shm'):
                        if os.path.lexists(path): found.append(path)
                    return found
                """.formatted(secret, secret);
        returns(program, "[]");
    }

    @Test
    void fileSystem_isReadOnly_butForTemporaryFiles() {
        String program = """
                import os
                def f():
                    written = []
                    for folder in ('/', '/usr', '/usr/lib', '/dev', '/lib', os.path.dirname(os.__file__), '/tmp'):
                        try:
                            with open(folder + '/x', 'w'): written.append(folder)
                        except OSError: pass
                    for path in (os.__file__, '/dev/null/..'):
                        try: os.remove(path); written.append(path)
                        except OSError: pass
                    return written
                """;
        returns(program, "['/tmp']");
    }

    @Test
    void symlinksAndHardLinks_leadNowhere() {
        String program = """
                import os
                def f():
                    found = []
                    for i, target in enumerate(('/etc/passwd', '/proc/1/root', '/../../etc/passwd', '/root')):
                        os.symlink(target, '/tmp/link%d' % i)
                        if os.path.exists('/tmp/link%d' % i): found.append(target)
                    try: os.link(os.__file__, '/tmp/hard'); found.append('hard')
                    except OSError: pass
                    return found
                """;
        returns(program, "[]");
    }

    @Test
    void files_areGoneAfterTheProgram() {
        returns("import os\nopen('/tmp/left', 'w').close()\ndef f(): return os.listdir('/tmp')", "['left']");
        returns("import os\ndef f(): return os.listdir('/tmp')", "[]");
    }

    @Test
    void network_isNotThere() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String program = """
                    import ctypes, socket
                    def f():
                        reached = []
                        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, 17):
                            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
                                try: socket.socket(family, kind); reached.append((family, kind))
                                except OSError: pass
                        try: socket.create_connection(('127.0.0.1', %d), 1); reached.append('server')
                        except OSError: pass
                        if ctypes.CDLL(None).socket(2, 1, 0) >= 0: reached.append('libc')
                        return reached
                    """.formatted(server.getLocalPort());
            returns(program, "[]");
        }
    }

    @Test
    void networkNamespace_isEmpty_evenIfTheFilterFailed() {
        // A pair of connected sockets is allowed, and can be asked for the interfaces.
        String program = """
                import fcntl, socket, struct
                def f():
                    one, other = socket.socketpair()
                    names = []
                    for index in range(1, 20):
                        try: fcntl.ioctl(one.fileno(), 0x8910, ask := bytearray(struct.pack('16si20x', b'', index)))
                        except OSError: continue
                        names.append(bytes(ask[:16]).rstrip(b'\\0').decode())
                    return names
                """;
        returns(program, "['lo']");
    }

    @Test
    void processes_areOnlyItsOwn_andSignalsReachNoOther() {
        String program = """
                import os, signal
                def f():
                    reached = []
                    for number in list(range(2, 400)) + [%d]:
                        if number != os.getpid():
                            try: os.kill(number, 0); reached.append(number)
                            except OSError: pass
                    try: os.kill(1, signal.SIGKILL)
                    except OSError: pass
                    try: os.kill(os.getppid(), signal.SIGSTOP)
                    except OSError: pass
                    return reached
                """.formatted(ProcessHandle.current().pid());
        returns(program, "[]");
    }

    @Test
    void otherProcessesMemory_isOutOfReach() {
        String program = """
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                def f():
                    reached = []
                    for number in (1, os.getppid(), %d):
                        if libc.ptrace(16, number, 0, 0) == 0: reached.append(('ptrace', number))
                        here = ctypes.create_string_buffer(8)
                        vector = (ctypes.c_void_p * 2)(ctypes.addressof(here), 8)
                        if libc.process_vm_readv(number, vector, 1, vector, 1, 0) >= 0: reached.append(number)
                        for name in ('mem', 'environ', 'fd', 'root', 'cmdline'):
                            if os.path.exists('/proc/%%d/%%s' %% (number, name)): reached.append(name)
                    return reached
                """.formatted(ProcessHandle.current().pid());
        returns(program, "[]");
    }

    @Test
    void rights_areNone_andCannotBeHad() {
        String program = """
                import ctypes, os
                libc = ctypes.CDLL(None)
                def f():
                    got = []
                    if os.getuid() == 0 or os.geteuid() == 0: got.append('root')
                    for name, call in dict(setuid=lambda: libc.setuid(0), user=lambda: libc.unshare(0x10000000),
                                           mount=lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None),
                                           proc=lambda: libc.mount(b'none', b'/tmp', b'proc', 0, None),
                                           chroot=lambda: libc.chroot(b'/tmp'),
                                           keys=lambda: libc.syscall(250, 0, -3, 1),
                                           uring=lambda: libc.syscall(425, 1, ctypes.create_string_buffer(120)),
                                           bpf=lambda: libc.syscall(321, 0, 0, 0),
                                           host=lambda: libc.sethostname(b'x', 1),
                                           shm=lambda: libc.shmget(0, 4096, 0o1600),
                                           memfd=lambda: libc.memfd_create(b'x', 0),
                                           pidfd=lambda: libc.syscall(434, 1, 0),
                                           x32=lambda: libc.syscall(0x40000000 | 39),
                                           ).items():
                        if call() >= 0: got.append(name)
                    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
                    libc.capget(header, data)
                    return got + [hex(x) for x in data if x]
                """;
        returns(program, "[]");
    }

    /// What is not behind a namespace: the kernel's memory, and inodes that are the machine's own.
    @Test
    void theMachinesInodesAndTheKernelsMemory_areLeftAlone() throws IOException {
        String program = """
                import ctypes, fcntl, os, struct
                libc = ctypes.CDLL(None)
                def f():
                    got = []
                    open('/tmp/x', 'w').close()
                    value = struct.pack('=QII', 0, 0, 0)
                    read, write = os.pipe()
                    for name, call in dict(setxattrat=lambda: libc.syscall(463, -100, b'/tmp/x', 0, b'user.a', value, 16),
                                           setxattr=lambda: libc.setxattr(b'/tmp/x', b'user.a', b'x', 1, 0),
                                           file_setattr=lambda: libc.syscall(469, -100, b'/tmp/x', bytes(24), 24, 0),
                                           statmount=lambda: libc.syscall(457, bytes(24), bytes(512), 512, 0),
                                           inotify=lambda: libc.syscall(253),
                                           inotify1=lambda: libc.inotify_init1(0),
                                           syslog=lambda: libc.klogctl(10, None, 0),
                                           owner=lambda: fcntl.fcntl(read, 8, os.getpid()),
                                           signal=lambda: fcntl.fcntl(read, 10, 9),
                                           time=lambda: os.utime('/dev/null') or 0,
                                           ).items():
                        try:
                            if call() >= 0: got.append(name)
                        except OSError: pass
                    return got
                """;
        FileTime before = Files.getLastModifiedTime(Path.of("/dev/null"));
        returns(program, "[]");
        assertThat(Files.getLastModifiedTime(Path.of("/dev/null"))).isEqualTo(before);
    }

    @Test
    void limits_cannotBeRaised() {
        String program = """
                import resource
                KINDS = (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE,
                         resource.RLIMIT_CPU, resource.RLIMIT_CORE)
                def f():
                    raised = []
                    for kind in KINDS:
                        soft, hard = resource.getrlimit(kind)
                        if hard == resource.RLIM_INFINITY: raised.append((kind, 'no limit'))
                        try: resource.setrlimit(kind, (hard + 1, hard + 1)); raised.append(kind)
                        except (OSError, ValueError): pass
                    return raised
                """;
        returns(program, "[]");
    }

    @Test
    void sharedMemoryThatNoLimitCounts_isRefused() {
        String program = """
                def f():
                    from multiprocessing import shared_memory
                    try: return shared_memory.SharedMemory(create=True, size=1 << 20).size
                    except OSError: return 'refused'
                """;
        returns(program, "'refused'");
    }
}
