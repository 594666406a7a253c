package dev.razor.core.sandbox;

import dev.razor.core.base.ConfigException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/// The system calls that a tested program is refused: a seccomp filter, as an array of `struct sock_filter`.
///
/// ```
/// architecture is another            -> the process is killed
/// number beyond the architecture's   -> EPERM
/// a call newer than this list        -> ENOSYS, as of an older kernel
/// clone3, openat2                    -> ENOSYS: their arguments cannot be looked at; libc then uses clone, openat
/// clone without CLONE_THREAD         -> EPERM: threads are made, processes are not
/// fcntl, ioctl: signals or news of a file to some process -> EPERM
/// a call of [Syscall#REFUSED]        -> EPERM
/// strict: open for writing, another process's limits -> EPERM
/// strict: a call of [Syscall#STRICT] -> EPERM
/// everything else                    -> allowed
/// ```
///
/// A list of what is refused cannot be complete; namespaces or the container are the wall, and this makes the
/// surface behind it smaller. Two things rest on it: that there is one process, so that its address space
/// bounds the memory; and, in a container, that no file is written and no other process signalled.
///
/// @see <a href="https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html">seccomp filters</a>
final class SyscallFilter {

    private static final short LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private static final short EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private static final short NOT_LESS = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private static final short ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private static final short RETURN = 0x06; // BPF_RET | BPF_K

    private static final int NUMBER = 0; // struct seccomp_data: nr, arch, instruction_pointer, args[6]
    private static final int ARCHITECTURE = 4;
    private static final int FIRST_ARGUMENT = 16;

    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int EPERM = 0x00050000 | 1;
    private static final int ENOSYS = 0x00050000 | 38;

    private static final int CLONE_THREAD = 0x00010000;
    private static final int WRITING = 01 | 02 | 0100 | 01000; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
    private static final int ANOTHER_PROCESS = -1; // any bit: the process itself is 0
    private static final int X32 = 0x40000000;

    /// `cachestat`. From here on, numbers are the same on all architectures, and [Syscall] does not know what they do.
    private static final int NEWEST = 451;

    /// F_SETOWN, F_SETSIG, F_SETOWN_EX: a file that is ready sends a signal to any process of the user; F_NOTIFY:
    /// who opens which file.
    private static final int[] FCNTL = {8, 10, 15, 1026};

    /// FIOSETOWN, SIOCSPGRP: F_SETOWN by another name.
    private static final int[] IOCTL = {0x8901, 0x8902};

    private final ByteBuffer program = ByteBuffer.allocate(1 << 14).order(ByteOrder.nativeOrder());
    private final Architecture architecture;

    private SyscallFilter(Architecture architecture) {
        this.architecture = architecture;
    }

    /// The architectures that the numbers of [Syscall] are known for.
    enum Architecture {
        X86_64(0xC000003E),
        AARCH64(0xC00000B7);

        private final int audit;

        Architecture(int audit) {
            this.audit = audit;
        }

        static Architecture here() {
            String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
            return switch (name) {
                case "amd64", "x86_64" -> X86_64;
                case "aarch64", "arm64" -> AARCH64;
                default ->
                    throw new ConfigException(
                            "sandbox: model-written code runs on x86_64 and aarch64, got %s; use one of them"
                                    .formatted(name));
            };
        }
    }

    /// The filter for this machine.
    ///
    /// @param strict whether files may not be written and no process signalled either
    static byte[] program(boolean strict) {
        return program(Architecture.here(), strict);
    }

    static byte[] program(Architecture architecture, boolean strict) {
        SyscallFilter filter = new SyscallFilter(architecture);
        filter.write(strict);
        byte[] bytes = new byte[filter.program.position()];
        filter.program.get(0, bytes);
        return bytes;
    }

    private void write(boolean strict) {
        emit(LOAD, 0, 0, ARCHITECTURE);
        emit(EQUAL, 1, 0, architecture.audit);
        emit(RETURN, 0, 0, KILL);
        emit(LOAD, 0, 0, NUMBER);
        emit(NOT_LESS, 0, 1, X32);
        emit(RETURN, 0, 0, EPERM);
        emit(NOT_LESS, 0, 1, NEWEST);
        emit(RETURN, 0, 0, ENOSYS);
        refuse(Syscall.CLONE3, ENOSYS);
        refuse(Syscall.OPENAT2, ENOSYS);
        Syscall.REFUSED.forEach(call -> refuse(call, EPERM));
        if (strict) {
            Syscall.STRICT.forEach(call -> refuse(call, EPERM));
            look(Syscall.OPEN, 1, WRITING, EPERM, ALLOW);
            look(Syscall.OPENAT, 2, WRITING, EPERM, ALLOW);
            look(Syscall.PRLIMIT64, 0, ANOTHER_PROCESS, EPERM, ALLOW);
        }
        refuse(Syscall.FCNTL, 1, FCNTL);
        refuse(Syscall.IOCTL, 1, IOCTL);
        look(Syscall.CLONE, 0, CLONE_THREAD, ALLOW, EPERM);
        emit(RETURN, 0, 0, ALLOW);
    }

    /// Answers a call with `verdict`.
    private void refuse(Syscall call, int verdict) {
        int number = call.number(architecture);
        if (number >= 0) {
            emit(EQUAL, 0, 1, number);
            emit(RETURN, 0, 0, verdict);
        }
    }

    /// Refuses a call where the low half of an argument is one of `values`.
    private void refuse(Syscall call, int argument, int[] values) {
        emit(EQUAL, 0, 2 + 2 * values.length, call.number(architecture));
        emit(LOAD, 0, 0, lowHalf(argument));
        for (int value : values) {
            emit(EQUAL, 0, 1, value);
            emit(RETURN, 0, 0, EPERM);
        }
        emit(RETURN, 0, 0, ALLOW);
    }

    private static int lowHalf(int argument) {
        return FIRST_ARGUMENT + 8 * argument + (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 4);
    }

    /// Answers a call by the low half of an argument: `some` if one of `bits` is set, else `none`.
    private void look(Syscall call, int argument, int bits, int some, int none) {
        int number = call.number(architecture);
        if (number >= 0) {
            emit(EQUAL, 0, 4, number);
            emit(LOAD, 0, 0, lowHalf(argument));
            emit(ANY_BIT, 0, 1, bits);
            emit(RETURN, 0, 0, some);
            emit(RETURN, 0, 0, none);
        }
    }

    /// One `struct sock_filter`: code, jumps if true and if false, constant.
    private void emit(short code, int ifTrue, int ifFalse, int constant) {
        program.putShort(code).put((byte) ifTrue).put((byte) ifFalse).putInt(constant);
    }
}
