package dev.razor.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.sandbox.Verdict.Outcome;
import dev.razor.core.testing.RealSandbox;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What honest programs get: the right ones pass, the wrong ones fail, and types arrive as they were.
class PythonTestsTest {

    private static Verdict run(String program, String test) {
        return run(program, "", test);
    }

    private static Verdict run(String program, String setup, String test) {
        PythonTests tests = new PythonTests(RealSandbox.get(), Limits.DEFAULT.withTime(Duration.ofSeconds(10)));
        return tests.run(new PythonTest(program, "f", setup, test));
    }

    @Test
    void run_passesARightProgram() {
        assertThat(run("def f(a, b=1): return a + b", "assert f(2, b=3) == 5\nassert f(2) == 3"))
                .isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    @Test
    void run_failsAWrongProgram_withTheTestsWords() {
        Verdict verdict = run("def f(a): return a", "assert f(2) == 3, 'two and one'");

        assertThat(verdict).isEqualTo(new Verdict(Outcome.FAILED, "AssertionError: two and one"));
    }

    @Test
    void run_tellsWhatTheProgramRaised() {
        assertThat(run("def f(a): return a[5]", "f([1])").reason()).isEqualTo("IndexError: list index out of range");
        assertThat(run("def f(: pass", "f()").reason()).startsWith("SyntaxError: invalid syntax");
        assertThat(run("x = 1 / 0", "f()").reason()).isEqualTo("ZeroDivisionError: division by zero");
        assertThat(run("x = 1", "f()").reason()).isEqualTo("KeyError: 'f'");
    }

    @Test
    void run_raisesBuiltInExceptionsOnTheTestsSide() {
        String program = """
                class Mine(KeyError): pass
                def f(x):
                    raise Mine("lost")
                """;
        // The text of a KeyError is the representation of its argument.
        String test = """
                try:
                    f(1)
                except KeyError as e:
                    assert type(e) is KeyError and e.args == ("'lost'",), e.args
                else:
                    assert False
                """;

        assertThat(run(program, test)).isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    /// Each value goes there and back: its type and its representation are the same on both sides.
    @Test
    void values_keepTypeAndValue_bothWays() {
        String both = """
                from decimal import Decimal
                from fractions import Fraction
                VALUES = [
                    None, True, 0, -7, 2**63, -2**63, 2**63 - 1, 1.5, -0.0, 1e308, 5e-324, float("inf"),
                    -float("inf"), "", "a\\n\\u2028\\ud800\\U0001F600", b"\\x00\\xff", bytearray(b"x"), [],
                    [1, [2.0, (3,)]], (), (1, [2]), {}, {1: "a", (2, 3): [None]}, {True: 1.0}, set(), {1, 2.5, "x"},
                    frozenset({1}), complex(1, -0.0), range(3, 10, 2), Fraction(-3, 2**70), Decimal("1.10"), Decimal("-sNaN7"),
                    {1: "a"}.keys(), {1: "a"}.values(), {1: "a"}.items(),
                ]
                def same(a, b): return type(a) is type(b) and repr(a) == repr(b)
                """;
        String program = both + "def f(i, x): return x if same(x, VALUES[i]) else 'changed on the way there'";
        String test = both + "for i, x in enumerate(VALUES): assert same(f(i, x), x), (x, f(i, x))";

        assertThat(run(program, test)).isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    /// A call may carry more than an answer: these lists are 9 million characters.
    @Test
    void whatTheTestPasses_mayBeLong() {
        assertThat(run("def f(x): return sum(x)", "assert f([1000000] * 1000000) == 10**12"))
                .isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    /// A program that imports them returns numbers of these kinds now and then, and by Python's rules they are equal.
    @Test
    void fractionsAndDecimals_areNumbers() {
        assertThat(run(
                                "from fractions import Fraction\ndef f(x): return Fraction(x) % 1",
                                "assert f(3.5) == 0.5 and abs(f(1.33) - 0.33) < 1e-6")
                        .passed())
                .isTrue();
    }

    @Test
    void values_mayBeIntegersOfAnyLength() {
        assertThat(run("def f(x): return x * x", "assert f(1 << 20000) == 1 << 40000 and f(-1 << 64) == 1 << 128"))
                .isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    @Test
    void values_ofSubclasses_arriveAsTheirBaseType() {
        String program = """
                import collections, enum
                class Level(enum.IntEnum): LOW = 1
                def f():
                    point = collections.namedtuple("Point", "x y")(1, 2)
                    return [collections.Counter("aab"), collections.OrderedDict(a=1), point, Level.LOW]
                """;
        String test = "assert [type(x) for x in f()] == [dict, dict, tuple, int]\n"
                + "assert f() == [{'a': 2, 'b': 1}, {'a': 1}, (1, 2), 1]";

        assertThat(run(program, test)).isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    @Test
    void nan_isNotEqualToItself_alsoInsideAList() {
        assertThat(run("def f(): return [float('nan')]", "x = f()\nassert x != f() and x[0] != x[0]")
                        .passed())
                .isTrue();
    }

    @Test
    void setup_isTheTestsOwn_andNotTheProgramsToChange() {
        String program = "def helper(x): return 0\ndef f(x): return x";
        String test = "assert helper(f(3)) == 9";

        assertThat(run(program, "def helper(x): return x * x", test).passed()).isTrue();
    }

    @Test
    void whatTheTestPasses_isNotChangedByTheProgram() {
        assertThat(run("def f(x): x.clear(); return []", "x = [2, 1]\nassert f(x) == sorted(x)")
                        .reason())
                .isEqualTo("AssertionError");
    }

    @Test
    void aProgramKeepsItsStateBetweenCalls() {
        assertThat(run("n = 0\ndef f():\n    global n\n    n += 1\n    return n", "assert [f(), f()] == [1, 2]")
                        .passed())
                .isTrue();
    }

    @Test
    void aProgramMayUseThreadsAndTemporaryFiles() {
        String program = """
                import concurrent.futures, tempfile
                def f(x):
                    with concurrent.futures.ThreadPoolExecutor(4) as pool, tempfile.TemporaryFile() as file:
                        file.write(bytes(pool.map(lambda v: v * v, x)))
                        file.seek(0)
                        return list(file.read())
                """;

        assertThat(run(program, "assert f([1, 2, 3]) == [1, 4, 9]")).isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    @Test
    void aBrokenTest_isToldApartFromAWrongProgram() {
        assertThat(run("def f(): pass", "assert (").outcome()).isEqualTo(Outcome.BROKEN_TEST);
        assertThat(run("def f(): pass", "1 / 0", "f()").outcome()).isEqualTo(Outcome.BROKEN_TEST);
        assertThat(run("def f(x): pass", "f(lambda: 1)"))
                .isEqualTo(new Verdict(
                        Outcome.BROKEN_TEST,
                        "the test passes a value of type function, which cannot be handed to another process"));
    }

    /// Or one program could end an evaluation as a broken benchmark.
    @Test
    void aDeepAnswerThatTheTestPassesBack_isTheProgramsFault() {
        String program = """
                def f(x):
                    for _ in range(%d): x = [x]
                    return x
                """;
        assertThat(run(program.formatted(100), "f(f(1))"))
                .isEqualTo(new Verdict(Outcome.FAILED, "the program's answer is no plain value"));
        assertThat(run(program.formatted(30), "f(f(1))").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(run("def f(x): return [x]", "x = 1\nfor _ in range(50): x = f(x)\nf((x, x))")
                        .outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(run(program.formatted(25), "assert f(f(1))")).isEqualTo(new Verdict(Outcome.PASSED, "passed"));
    }

    @Test
    void reason_isOneLineOfPrintableText() {
        String program = "def f(): raise ValueError('a\\x1b[2J\\u009b2J\\u202eb\\u0085c\\u2028d\\u200be')";
        assertThat(run(program, "f()").reason()).isEqualTo("ValueError: a [2J 2J b c d e");
    }

    @Test
    void aProgramSeesTheNameThatTheHarnessGivesIt() {
        // exec with an empty dictionary: __name__ is that of the module builtins, and the main block does not run.
        assertThat(run("if __name__ == '__main__': 1 / 0\ndef f(): return __name__", "assert f() == 'builtins'")
                        .passed())
                .isTrue();
    }
}
