# Limits that a process puts on itself before any code that is not ours is read, let alone run. None can be lifted
# again: hard limits only go down, a system-call filter and a Landlock domain stay for good.

import ctypes
import json
import os
import resource
import struct
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
SET_PARENT_DEATH_SIGNAL, SET_SECCOMP, SET_NO_NEW_PRIVILEGES = 1, 22, 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
EXECUTE, READ_FILE, READ_DIRECTORY = 1, 4, 8


def succeed(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), what + ": " + os.strerror(ctypes.get_errno()))
    return result


def limit(kind, most):
    resource.setrlimit(kind, (most, most))


def see_only(paths):
    """From here on only these files and folders can be opened, and only for reading (Landlock)."""
    version = LIBC.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        raise OSError("the kernel has no Landlock, which Linux has from 5.13 on")
    rights = (1 << 13) - 1
    for since, right in ((2, 13), (3, 14), (5, 15)):  # move between folders, truncate, device control
        if version >= since:
            rights |= 1 << right
    rules = struct.pack("=Q", rights)
    if version >= 4:
        rules += struct.pack("=Q", 3)  # no TCP port to bind or connect to
    if version >= 6:
        rules += struct.pack("=Q", 3)  # no signal and no abstract socket out of the domain
    domain = succeed(LIBC.syscall(CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0), "Landlock")
    for path in paths:
        here = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = EXECUTE | READ_FILE | (READ_DIRECTORY if os.path.isdir(path) else 0)
        rule = struct.pack("=Qi", allowed, here)
        succeed(LIBC.syscall(ADD_RULE, domain, 1, rule, 0), "Landlock: " + path)
        os.close(here)
    succeed(LIBC.syscall(RESTRICT_SELF, domain, 0), "Landlock")
    os.close(domain)


def filter_calls(program):
    """Installs a seccomp filter: `program` is an array of struct sock_filter."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    installed = Program(len(program) // 8, program)
    succeed(LIBC.prctl(SET_SECCOMP, 2, ctypes.byref(installed), 0, 0), "seccomp")


def confine(settings):
    if settings["landlock"]:  # in a container: nothing outside this process would end it with its parent
        succeed(LIBC.prctl(SET_PARENT_DEATH_SIGNAL, 9, 0, 0, 0), "parent's death")
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_AS, settings["memory"])
    limit(resource.RLIMIT_FSIZE, settings["file_size"])
    limit(resource.RLIMIT_NOFILE, settings["open_files"])
    limit(resource.RLIMIT_CPU, settings["cpu_seconds"])
    if settings["threads"]:
        limit(resource.RLIMIT_NPROC, settings["threads"])
    succeed(LIBC.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    if settings["landlock"]:
        see_only(settings["landlock"])
    filter_calls(bytes.fromhex(settings["filter"]))


class Line:
    """The pipe to the parent, which takes the place of standard input and output. What else is printed is dropped."""

    def __init__(self):
        self.requests = os.fdopen(os.dup(0), "rb")
        self.replies = os.dup(1)
        self.null = os.open("/dev/null", os.O_RDWR)  # while it can still be opened

    def silence(self):
        for standard in (0, 1, 2):
            os.dup2(self.null, standard)
        os.close(self.null)

    def receive(self):
        line = self.requests.readline()
        if not line:
            os._exit(0)  # the parent has gone
        return line

    def send(self, kind, *value):
        data = (kind + "".join(map(json.dumps, value)) + "\n").encode()
        while data:
            data = data[os.write(self.replies, data) :]


def begin():
    """The confined process's line, and the job that it is given."""
    sys.path[:] = [path for path in sys.path if path]
    line = Line()
    confine(json.loads(line.receive()))
    line.send("R")
    line.silence()
    return line, json.loads(line.receive())
