package dev.razor.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.sandbox.Verdict.Outcome;
import dev.razor.core.testing.RealSandbox;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs that want to pass without being right: each would have to answer 42, which it does not know.
///
/// Every program is tried in the real sandbox. The test that they have to pass tells nothing about the answer.
class AttackTest {

    private static final String TEST = """
            import math
            def check(candidate):
                for i in range(3):
                    assert candidate([i]) == 42 + i, "wrong"
                assert math.fabs(candidate([0]) - 42) < 1e-6
                assert not candidate([1]) != 43
            check(f)
            """;

    private static Arguments attack(String name, String reason, String program) {
        return Arguments.of(name, reason, program);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"objects", "processes", "harness", "answers"})
    void attack_fails(String name, String reason, String program) {
        PythonTests tests = new PythonTests(RealSandbox.get(), Limits.DEFAULT.withTime(Duration.ofSeconds(8)));

        Verdict verdict = tests.run(new PythonTest(program, "f", "", TEST));

        assertThat(verdict.outcome()).as("%s: %s", name, verdict).isEqualTo(Outcome.FAILED);
        assertThat(verdict.reason()).as(name).contains(reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endless")
    void endless_isCutOff(String name, String program) {
        PythonTests tests = new PythonTests(RealSandbox.get(), Limits.DEFAULT.withTime(Duration.ofMillis(700)));

        Verdict verdict = tests.run(new PythonTest(program, "f", "", TEST));

        assertThat(verdict.outcome()).as("%s: %s", name, verdict).isEqualTo(Outcome.TIMED_OUT);
        assertThat(verdict.reason()).isEqualTo("timed out after 0.7 s");
    }

    /// Exceptions that mean something to the loop that the test calls the program in.
    @ParameterizedTest
    @MethodSource("loops")
    void anExceptionThatEndsLoops_doesNotEndTheTests(String test) {
        PythonTests tests = new PythonTests(RealSandbox.get(), Limits.DEFAULT.withTime(Duration.ofSeconds(8)));
        for (String ending : List.of("StopIteration", "StopAsyncIteration", "type('S', (StopIteration,), {})")) {
            String program = "def f(x): raise %s('over')".formatted(ending);

            Verdict verdict = tests.run(new PythonTest(program, "f", "", test));

            assertThat(verdict.outcome()).as("%s: %s", ending, verdict).isEqualTo(Outcome.FAILED);
            assertThat(verdict.reason()).contains("RuntimeError: over");
        }
    }

    static Stream<String> loops() {
        return Stream.of(
                "for got, wanted in zip(map(f, [[0], [1]]), [42, 43]): assert got == wanted",
                "assert all(map(lambda i: f([i]) == 42 + i, range(3)))",
                "assert not any(map(lambda i: f([i]) != 42 + i, range(3)))",
                "for got in iter(lambda: f([0]), None): assert got == 42",
                "assert sum(f([i]) - 42 - i for i in range(3)) == 0",
                """
                class Answers:
                    def __aiter__(self): return self
                    async def __anext__(self): return f([0])
                async def check():
                    async for x in Answers(): assert x == 42
                try: check().send(None)
                except StopIteration: pass
                """);
    }

    /// Values that are not what they seem.
    static Stream<Arguments> objects() {
        return Stream.of(
                attack("always-equal object", "returned a value of type Yes", """
                        class Yes:
                            def __eq__(self, other): return True
                            def __ne__(self, other): return False
                            def __sub__(self, other): return 0
                        def f(x): return Yes()
                        """),
                attack("int whose __eq__ is always true", "wrong", """
                        class Yes(int):
                            __eq__ = lambda self, other: True
                            __ne__ = lambda self, other: False
                            __hash__ = int.__hash__
                            __add__ = __sub__ = lambda self, other: Yes(0)
                        def f(x): return Yes(7)
                        """),
                attack("float whose arithmetic lies", "wrong", """
                        class Yes(float):
                            __eq__ = lambda self, other: True
                            __mul__ = __sub__ = __float__ = lambda self, *other: Yes(0)
                        def f(x): return Yes(7)
                        """),
                attack("str whose __eq__ is always true", "wrong", """
                        class Yes(str):
                            __eq__ = lambda self, other: True
                            __str__ = __repr__ = lambda self: Yes()
                        def f(x): return Yes("a")
                        """),
                attack("list and dict that are always equal", "wrong", """
                        class YesList(list):
                            __eq__ = lambda self, other: True
                            __iter__ = lambda self: iter([YesList()])
                        class YesDict(dict):
                            __eq__ = lambda self, other: True
                            items = lambda self: [(YesList(), 1)]
                        def f(x): return [YesList(), YesDict(a=YesList())]
                        """),
                attack("object that claims another class", "cannot be sent", """
                        class Yes:
                            __class__ = int
                            __eq__ = lambda self, other: True
                        def f(x): return Yes()
                        """),
                attack("object that pickles as code", "returned a value of type Boom", """
                        class Boom:
                            def __reduce__(self): return eval, ("print('R')",)
                            def __getstate__(self): return 42
                        def f(x): return Boom()
                        """),
                attack("NaN", "wrong", "def f(x): return float('nan')"),
                attack("infinity", "wrong", "def f(x): return float('inf')"),
                attack("generator", "returned a value of type generator", "def f(x): yield 42"),
                attack("lazy object", "returned a value of type lazy", """
                        class lazy:
                            def __iter__(self): return iter([])
                            def __index__(self): return 42
                            def __float__(self): return 42.0
                        def f(x): return lazy()
                        """),
                attack("exception that compares equal", "wrong", """
                        class E(AssertionError):
                            __eq__ = lambda self, other: True
                            def __str__(self): return "wrong, says E"
                        def f(x): raise E()
                        """));
    }

    /// Ending, leaving or multiplying the process.
    static Stream<Arguments> processes() {
        return Stream.of(
                attack(
                        "sys.exit(0) in the function",
                        "ended itself with SystemExit",
                        "import sys\ndef f(x): sys.exit(0)"),
                attack("sys.exit(0) at the top", "SystemExit", "import sys\nsys.exit(0)"),
                attack("os._exit(0)", "process ended", "import os\ndef f(x): os._exit(0)"),
                attack("os._exit(0) at the top", "process ended", "import os\nos._exit(0)"),
                attack("KeyboardInterrupt", "KeyboardInterrupt", "def f(x): raise KeyboardInterrupt"),
                attack("os.abort", "process ended", "import os\ndef f(x): os.abort()"),
                attack("segmentation fault", "process ended", "import ctypes\ndef f(x): ctypes.string_at(0)"),
                attack("fork", "Operation not permitted", "import os\ndef f(x): return 42 if os.fork() else 1"),
                attack("posix.fork", "Operation not permitted", "import posix\ndef f(x): return posix.fork()"),
                attack("fork bomb", "wrong", """
                        import os
                        made = 0
                        while made < 10000:
                            try:
                                os.fork()
                                made += 1
                            except OSError:
                                break
                        def f(x): return -made
                        """),
                attack("fork by a raw system call", "wrong", """
                        import ctypes
                        libc = ctypes.CDLL(None)
                        def f(x): return max(libc.fork(), libc.vfork(), libc.syscall(435, 0, 0), libc.syscall(57))
                        """),
                attack("os.system", "wrong", "import os\ndef f(x): return os.system('exit 42')"),
                attack("os.system after a reload", "wrong", """
                        import importlib, os
                        importlib.reload(os)
                        def f(x): return os.system('exit 42')
                        """),
                attack("subprocess", "Error", """
                        import subprocess, sys
                        def f(x): return subprocess.run([sys.executable or '/usr/bin/python3', '-c', '42']).returncode
                        """),
                attack(
                        "exec of another program",
                        "Error",
                        "import os\ndef f(x): os.execv('/bin/sh', ['sh', '-c', 'echo'])"),
                attack("thread bomb", "wrong", """
                        import threading, time
                        def f(x):
                            try:
                                for i in range(5000):
                                    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
                            except RuntimeError:
                                return -1
                            return 42
                        """),
                attack("thread that goes on after the answer", "wrong", """
                        import threading, os
                        def on():
                            while True:
                                for d in range(3, 12):
                                    try: os.write(d, b'')
                                    except OSError: pass
                        threading.Thread(target=on, daemon=True).start()
                        def f(x): return 0
                        """),
                attack("atexit", "wrong", """
                        import atexit, os
                        atexit.register(os._exit, 0)
                        def f(x): return 0
                        """));
    }

    /// Reaching for what judges.
    static Stream<Arguments> harness() {
        return Stream.of(
                attack("frame walk", "wrong", """
                        import sys, gc
                        found = []
                        def f(x):
                            frame = sys._getframe()
                            while frame:
                                for space in (frame.f_locals, frame.f_globals):
                                    for name, value in list(space.items()):
                                        if name in ('token', 'result', 'expected', 'check', 'test'):
                                            found.append(name)
                                        if isinstance(value, list): value.append('passed')
                                frame = frame.f_back
                            return 42 if found else 0
                        """),
                attack("everything that the garbage collector knows", "wrong", """
                        import gc
                        def f(x):
                            texts = [o for o in gc.get_objects() if isinstance(o, dict) and 'token' in o]
                            return 42 if texts else 0
                        """),
                attack("builtins and json patched", "process ended", """
                        import builtins, json, math
                        builtins.AssertionError = RuntimeError
                        builtins.isinstance = lambda *a: True
                        json.dumps = lambda *a, **k: 'true'
                        math.fabs = lambda x: 0
                        def f(x): return 0
                        """),
                attack("harness overwritten", "no plain value", """
                        import sys
                        main = sys.modules['__main__']
                        main.encode = lambda *a: {'token': ['D', 'passed']}
                        def f(x): return 0
                        """),
                attack("always-true tag made by hand", "no plain value", """
                        import sys
                        sys.modules['__main__'].encode = lambda *a: {'object': {'__eq__': True}}
                        def f(x): return 0
                        """),
                attack("printed verdict", "wrong", """
                        import sys
                        def f(x):
                            print('passed'); print('D"passed"'); sys.stderr.write('passed')
                            return 0
                        """),
                attack("verdict written to every file by number", "no plain value", """
                        import os
                        def f(x):
                            for d in range(64):
                                try: os.write(d, b'D"passed"\\n')
                                except OSError: pass
                            return 42
                        """),
                attack("verdict written before the test starts", "did not load", """
                        import os
                        for d in range(64):
                            try: os.write(d, b'D"passed"\\nD"passed"\\n')
                            except OSError: pass
                        """),
                attack("requests read in its place", "process ended", """
                        import os
                        def f(x):
                            for d in range(3, 64):
                                try: os.close(d)
                                except OSError: pass
                            return 42
                        """),
                attack("tests looked for in open files", "wrong", """
                        import os
                        seen = b''
                        for d in range(64):
                            try:
                                os.set_blocking(d, False)
                                seen += os.read(d, 1 << 20)
                            except OSError: pass
                            try: os.set_blocking(d, True)
                            except OSError: pass
                        def f(x): return 42 if b'assert' in seen or b'token' in seen else 0
                        """));
    }

    /// Answers that break the reader.
    static Stream<Arguments> answers() {
        return Stream.of(
                attack("huge value", "more than 1048576 bytes", "def f(x): return 'a' * (1 << 22)"),
                attack("huge list", "more than 1048576 bytes", "def f(x): return [0] * (1 << 20)"),
                attack("deep nesting", "nested deeper than 100", """
                        def f(x):
                            deep = []
                            for i in range(5000): deep = [deep]
                            return deep
                        """),
                attack("value that holds itself", "nested deeper than 100", """
                        def f(x):
                            x.append(x)
                            return x
                        """),
                attack("deep nesting written by hand", "no plain value", """
                        import os
                        def f(x):
                            os.write(4, b'V' + b'[' * 100000 + b'\\n')
                        """),
                attack("bytes that are no text", "no plain value", """
                        import os
                        def f(x):
                            os.write(4, b'V"\\xff\\xfe\\x00"\\n')
                        """),
                attack("line without an end", "more than 1048576 bytes", """
                        import os
                        def f(x):
                            while True: os.write(4, b'V' * 65536)
                        """),
                attack("memory bomb", "MemoryError", "def f(x): return len([0] * (1 << 40))"),
                attack("memory bomb in small pieces", "MemoryError", """
                        def f(x):
                            kept = []
                            while True: kept.append(bytearray(1 << 20))
                        """),
                attack("recursion without end", "RecursionError", "def f(x): return f(x)"),
                attack("file as large as it gets", "File too large", """
                        def f(x):
                            with open('/tmp/big', 'wb') as file:
                                for i in range(1000): file.write(b'0' * (1 << 20))
                        """),
                attack("many files", "No space left", """
                        def f(x):
                            for i in range(100):
                                with open('/tmp/%d' % i, 'wb') as file: file.write(b'0' * (1 << 20))
                        """),
                attack("open files without end", "Too many open files", """
                        def f(x):
                            kept = []
                            while True: kept.append(open('/dev/null'))
                        """));
    }

    /// What would go on for ever.
    static Stream<Arguments> endless() {
        return Stream.of(
                Arguments.of("loop", "def f(x):\n    while True: pass"),
                Arguments.of("loop at the top", "while True: pass"),
                Arguments.of("sleep", "import time\ndef f(x): time.sleep(100)"),
                Arguments.of("output", "def f(x):\n    while True: print('x' * 10000)"),
                Arguments.of("timers switched off", """
                        import signal
                        def f(x):
                            signal.setitimer(signal.ITIMER_REAL, 0)
                            for s in range(1, 65):
                                try: signal.signal(s, signal.SIG_IGN)
                                except (OSError, ValueError): pass
                            while True: pass
                        """),
                Arguments.of("requests never read", """
                        import os, time
                        def f(x):
                            os.write(4, b'V42\\n')
                            time.sleep(100)
                        """),
                Arguments.of("hash collisions in the answer", """
                        def f(x): return {i * (2**61 - 1) for i in range(1, 40000)}
                        """));
    }
}
