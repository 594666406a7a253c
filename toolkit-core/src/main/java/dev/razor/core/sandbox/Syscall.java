package dev.razor.core.sandbox;

import dev.razor.core.sandbox.SyscallFilter.Architecture;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// System calls by name, with their numbers on x86_64 and aarch64; -1 where an architecture has no such call.
///
/// @see <a href="https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl">x86_64</a>
/// @see <a href="https://github.com/torvalds/linux/blob/master/scripts/syscall.tbl">aarch64</a>
enum Syscall {
    // looked at, not just refused
    CLONE(56, 220),
    CLONE3(435, 435),
    OPEN(2, -1),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    PRLIMIT64(302, 261),
    FCNTL(72, 25),
    IOCTL(16, 29),
    // another process: made, watched, changed
    FORK(57, -1),
    VFORK(58, -1),
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    PROCESS_MADVISE(440, 440),
    KCMP(312, 272),
    PIDFD_OPEN(434, 434),
    PIDFD_GETFD(438, 438),
    PERSONALITY(135, 92),
    // network; a pair of connected sockets can still be made
    SOCKET(41, 198),
    CONNECT(42, 203),
    BIND(49, 200),
    LISTEN(50, 201),
    // memory and queues that no limit of a process counts
    SHMGET(29, 194),
    SHMAT(30, 196),
    SEMGET(64, 190),
    MSGGET(68, 186),
    MQ_OPEN(240, 180),
    MEMFD_CREATE(319, 279),
    MEMFD_SECRET(447, 447),
    VMSPLICE(278, 75),
    // other namespaces and file systems
    UNSHARE(272, 97),
    SETNS(308, 268),
    CHROOT(161, 51),
    PIVOT_ROOT(155, 41),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    MOVE_MOUNT(429, 429),
    OPEN_TREE(428, 428),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    NAME_TO_HANDLE_AT(303, 264),
    OPEN_BY_HANDLE_AT(304, 265),
    // corners of the kernel where most holes have been
    USERFAULTFD(323, 282),
    BPF(321, 280),
    PERF_EVENT_OPEN(298, 241),
    FANOTIFY_INIT(300, 262),
    INOTIFY_INIT(253, -1),
    INOTIFY_INIT1(294, 26),
    IO_SETUP(206, 0),
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEYCTL(250, 219),
    MODIFY_LDT(154, -1),
    // the machine
    SWAPON(167, 224),
    REBOOT(169, 142),
    QUOTACTL(179, 60),
    ACCT(163, 89),
    SYSLOG(103, 116),
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    // owners, rights, times and attributes of files, devices
    TRUNCATE(76, 45),
    CHMOD(90, -1),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    CHOWN(92, -1),
    LCHOWN(94, -1),
    FCHOWN(93, 55),
    FCHOWNAT(260, 54),
    MKNOD(133, -1),
    MKNODAT(259, 33),
    UTIME(132, -1),
    UTIMES(235, -1),
    FUTIMESAT(261, -1),
    UTIMENSAT(280, 88),
    SETXATTR(188, 5),
    LSETXATTR(189, 6),
    FSETXATTR(190, 7),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    FREMOVEXATTR(199, 16),
    // strict: signals to other processes, their processors and priorities
    KILL(62, 129),
    TKILL(200, 130),
    TGKILL(234, 131),
    RT_SIGQUEUEINFO(129, 138),
    RT_TGSIGQUEUEINFO(297, 240),
    PIDFD_SEND_SIGNAL(424, 424),
    SCHED_SETSCHEDULER(144, 119),
    SCHED_SETAFFINITY(203, 122),
    SETPRIORITY(141, 140),
    IOPRIO_SET(251, 30),
    // strict: names of files
    CREAT(85, -1),
    MKDIR(83, -1),
    MKDIRAT(258, 34),
    RMDIR(84, -1),
    UNLINK(87, -1),
    UNLINKAT(263, 35),
    RENAME(82, -1),
    RENAMEAT(264, 38),
    RENAMEAT2(316, 276),
    LINK(86, -1),
    LINKAT(265, 37),
    SYMLINK(88, -1),
    SYMLINKAT(266, 36);

    /// Refused everywhere.
    static final Set<Syscall> REFUSED = Collections.unmodifiableSet(EnumSet.range(FORK, FREMOVEXATTR));

    /// Refused where other processes and files of ours can be reached: in a container.
    static final Set<Syscall> STRICT = Collections.unmodifiableSet(EnumSet.range(KILL, SYMLINKAT));

    private final int x86;
    private final int arm;

    Syscall(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    /// The call's number, or -1 if there is none.
    int number(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }
}
