package dev.razor.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.sandbox.SyscallFilter.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The filter's decisions, by a small interpreter of its instructions; what the kernel makes of it, the tests of
/// attacks show.
class SyscallFilterTest {

    private static final int ALLOW = 0x7fff0000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;
    private static final int KILL = 0x80000000;

    /// What the filter answers to a call on `audit`'s architecture.
    private static int decide(byte[] program, int audit, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        data.putInt(number).putInt(audit).putLong(0);
        Arrays.stream(arguments).forEach(data::putLong);
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int operation = code.getShort(8 * at);
            int ifTrue = Byte.toUnsignedInt(code.get(8 * at + 2));
            int ifFalse = Byte.toUnsignedInt(code.get(8 * at + 3));
            int constant = code.getInt(8 * at + 4);
            switch (operation) {
                case 0x20 -> accumulator = data.getInt(constant);
                case 0x15 -> at += accumulator == constant ? ifTrue : ifFalse;
                case 0x35 -> at += Integer.compareUnsigned(accumulator, constant) >= 0 ? ifTrue : ifFalse;
                case 0x45 -> at += (accumulator & constant) != 0 ? ifTrue : ifFalse;
                case 0x06 -> {
                    return constant;
                }
                default -> throw new AssertionError("no such instruction: " + operation);
            }
        }
    }

    private static int decide(boolean strict, int number, long... arguments) {
        return decide(SyscallFilter.program(Architecture.X86_64, strict), 0xC000003E, number, arguments);
    }

    @Test
    void processes_areRefused_andThreadsAllowed() {
        assertThat(decide(false, 57)).isEqualTo(EPERM); // fork
        assertThat(decide(false, 58)).isEqualTo(EPERM); // vfork
        assertThat(decide(false, 56, 0x11)).isEqualTo(EPERM); // clone(SIGCHLD)
        assertThat(decide(false, 56, 0x003D0F00)).isEqualTo(ALLOW); // clone of a thread
        assertThat(decide(false, 435)).isEqualTo(ENOSYS); // clone3
    }

    @Test
    void ordinaryCalls_areAllowed() {
        for (int number : List.of(0, 1, 3, 9, 11, 12, 39, 53, 59, 60, 202, 218, 228, 231, 257, 262, 318)) {
            assertThat(decide(false, number)).as("call %d", number).isEqualTo(ALLOW);
            assertThat(decide(true, number)).as("call %d, strict", number).isEqualTo(ALLOW);
        }
    }

    @Test
    void writing_isRefusedOnlyIfStrict() {
        for (int flags : List.of(1, 2, 0100, 01000, 02001)) {
            assertThat(decide(false, 257, -100, 0, flags)).isEqualTo(ALLOW);
            assertThat(decide(true, 257, -100, 0, flags)).isEqualTo(EPERM);
            assertThat(decide(true, 2, 0, flags)).isEqualTo(EPERM);
        }
        assertThat(decide(true, 257, -100, 0, 02000000)).isEqualTo(ALLOW); // O_RDONLY | O_CLOEXEC
        assertThat(decide(true, 437)).isEqualTo(ENOSYS); // openat2
        assertThat(decide(true, 302, 0)).isEqualTo(ALLOW); // prlimit of itself
        assertThat(decide(true, 302, 17)).isEqualTo(EPERM);
        assertThat(decide(true, 62)).isEqualTo(EPERM); // kill
        assertThat(decide(false, 62)).isEqualTo(ALLOW);
    }

    /// Calls that were added after the list was written: setxattrat, removexattrat, file_setattr, statmount, whatever.
    @Test
    void callsNewerThanTheList_areNotThere() {
        for (int number : List.of(451, 452, 457, 458, 463, 466, 469, 600)) {
            assertThat(decide(false, number)).as("call %d", number).isEqualTo(ENOSYS);
        }
        assertThat(decide(false, 450)).isEqualTo(ALLOW);
    }

    @Test
    void signalsByWayOfAFile_areRefused() {
        for (int command : List.of(8, 10, 15, 1026)) {
            assertThat(decide(false, 72, 3, command, 1)).as("fcntl %d", command).isEqualTo(EPERM);
        }
        assertThat(decide(false, 72, 3, 1030, 0)).isEqualTo(ALLOW); // F_DUPFD_CLOEXEC
        assertThat(decide(false, 72, 3, 4, 02000)).isEqualTo(ALLOW); // F_SETFL
        assertThat(decide(false, 16, 3, 0x8901)).isEqualTo(EPERM); // FIOSETOWN
        assertThat(decide(false, 16, 3, 0x8902)).isEqualTo(EPERM); // SIOCSPGRP
        assertThat(decide(false, 16, 3, 0x5401)).isEqualTo(ALLOW); // TCGETS
    }

    @Test
    void anotherArchitecture_isKilled_andX32Refused() {
        byte[] program = SyscallFilter.program(Architecture.X86_64, false);

        assertThat(decide(program, 0x40000003, 1)).isEqualTo(KILL); // a call of 32-bit x86
        assertThat(decide(program, 0xC000003E, 0x40000000 | 1)).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @EnumSource
    void everyCallOfTheLists_isRefused(Architecture architecture) {
        int audit = architecture == Architecture.X86_64 ? 0xC000003E : 0xC00000B7;
        byte[] program = SyscallFilter.program(architecture, true);

        for (Syscall call : Syscall.values()) {
            int number = call.number(architecture);
            if (number >= 0 && (Syscall.REFUSED.contains(call) || Syscall.STRICT.contains(call))) {
                assertThat(decide(program, audit, number)).as("%s", call).isEqualTo(EPERM);
            }
        }
    }
}
