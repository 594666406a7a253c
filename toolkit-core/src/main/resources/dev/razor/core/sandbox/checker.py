# The process that decides. It holds the tests, the expected results and a token, and runs no code of the tested
# program: it knows that program as a function that sends arguments away and gets a plain value back.

import builtins
import random


class Undecided(BaseException):
    """The program cannot be judged any further. No `except Exception` of a test catches it."""


class Candidate:
    def __init__(self, line):
        self.line = line
        self.failure = None

    def __call__(self, *arguments, **keywords):
        if self.failure:
            raise Undecided
        try:
            call = [encode(list(arguments)), encode(keywords)]
        except NotPlain as refusal:
            self.fail("B", "the test passes %s, which cannot be handed to another process" % refusal)
        self.line.send("C", call)
        return self.understood(self.line.receive())

    def understood(self, reply):
        kind = reply[:1]
        try:
            if kind == b"V":
                value = parsed(reply[1:])
                encode(value, DEEPEST // 2)  # so that the test can pass it back, in some wrapping of its own
                return value
            names, text = {b"X": json.loads, b"N": lambda said: ([], json.loads(said))}[kind](reply[1:])
            text = str(text)[:300]
        except Exception:
            self.fail("F", "the program's answer is no plain value")
        if kind == b"X":
            raise self.exception(names, text)
        self.fail("F", text)

    def exception(self, names, text):
        """The exception that the program raised, as the first of its classes that is built in."""
        for name in names if isinstance(names, list) else []:
            kind = getattr(builtins, name, None) if isinstance(name, str) else None
            if kind in (StopIteration, StopAsyncIteration):
                return RuntimeError(text)  # it would end a loop of the test that calls the program, such as map's
            if isinstance(kind, type) and issubclass(kind, Exception):
                try:
                    return kind(text)
                except TypeError:  # UnicodeDecodeError takes five arguments
                    return ValueError(text)
        return Exception(text)

    def fail(self, kind, reason):
        self.failure = (kind, reason)
        raise Undecided


def verdict(job, candidate):
    namespace = {}
    try:
        exec(compile(job["setup"], "<setup>", "exec"), namespace)
        test = compile(job["test"], "<test>", "exec")
    except BaseException as failure:
        return "B", "the test cannot be run: %s: %s" % (type(failure).__name__, failure)
    namespace[job["entry_point"]] = candidate
    random.seed(0)
    try:
        exec(test, namespace)
    except BaseException as failure:
        text = str(failure)[:300]
        reason = type(failure).__name__ + (": " + text if text else "")
        return candidate.failure or ("F", reason)
    return candidate.failure or ("D", job["token"])


def decide(line, job):
    line.send(*verdict(job, Candidate(line)))


decide(*begin())
