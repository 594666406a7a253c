package dev.razor.core.sandbox;

import dev.razor.core.sandbox.Verdict.Outcome;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Judges Python programs where they cannot reach.
///
/// ```
///  candidate (sandbox)            here            checker (sandbox)
///  the program         <-- arguments -- relay <-- calls --   the tests, the expected results, a random token
///                     --- plain value ->       -- value ->  compares; sends the token if the tests ran to their end
/// ```
///
/// The program's process never holds what decides: no expected result, no comparison, no token. It shares no
/// memory, no file and no pipe with the process that does. All that it can do about the verdict is to answer
/// calls, and answers arrive as exact built-in types (`values.py`), so their methods are Python's own.
///
/// Several threads may judge with one object.
public final class PythonTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Sandbox sandbox;
    private final Limits limits;

    public PythonTests(Sandbox sandbox, Limits limits) {
        this.sandbox = sandbox;
        this.limits = limits;
    }

    /// Whether the program passes.
    ///
    /// @throws dev.razor.core.base.ConfigException if the sandbox does not work
    public boolean passes(PythonTest test) {
        return run(test).passed();
    }

    /// Runs the program and its test. The time starts when both processes stand, and covers both.
    ///
    /// @throws dev.razor.core.base.ConfigException if the sandbox does not work
    public Verdict run(PythonTest test) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        try (PythonProcess checker = sandbox.start(Harness.CHECKER, limits);
                PythonProcess candidate = sandbox.start(Harness.CANDIDATE, limits)) {
            checker.awaitReady();
            candidate.awaitReady();
            Watchdog watchdog = new Watchdog(limits.time().toMillis(), () -> {
                candidate.kill();
                checker.kill();
            });
            Verdict verdict;
            try (watchdog) {
                verdict = judged(test, candidate, checker, token);
            }
            return watchdog.barked() && !verdict.passed() ? timedOut() : verdict;
        }
    }

    private Verdict judged(PythonTest test, PythonProcess candidate, PythonProcess checker, String token) {
        String program = JSON.createObjectNode()
                .put("program", test.program())
                .put("entry_point", test.entryPoint())
                .toString();
        if (!candidate.send(program)) {
            return ended();
        }
        String loaded = candidate.receive();
        if (!"O".equals(loaded)) {
            return loaded == null ? ended() : Verdict.failed(raised(loaded));
        }
        checker.send(JSON.createObjectNode()
                .put("setup", test.setup())
                .put("test", test.test())
                .put("entry_point", test.entryPoint())
                .put("token", token)
                .toString());
        while (true) {
            String line = checker.receive();
            if (line == null || line.isEmpty()) {
                return Verdict.failed(
                        "the test ended without a verdict: out of memory, or an answer that it choked on");
            }
            String content = line.substring(1);
            switch (line.charAt(0)) {
                case 'C' -> {
                    String answer = candidate.send(content) ? candidate.receive() : null;
                    if (answer == null) {
                        return ended();
                    }
                    checker.send(answer);
                }
                case 'D' -> {
                    boolean passed = token.equals(text(content));
                    return passed ? new Verdict(Outcome.PASSED, "passed") : Verdict.failed("a wrong token");
                }
                case 'B' -> {
                    return Verdict.brokenTest(Objects.requireNonNullElse(text(content), ""));
                }
                default -> {
                    return Verdict.failed(Objects.requireNonNullElse(text(content), ""));
                }
            }
        }
    }

    private Verdict ended() {
        return Verdict.failed(
                "the program's process ended, or sent more than %d bytes".formatted(limits.answerBytes()));
    }

    private Verdict timedOut() {
        return new Verdict(
                Outcome.TIMED_OUT,
                "timed out after %s s".formatted(limits.time().toMillis() / 1000.0));
    }

    /// An exception in the candidate's words: `X[["ValueError", ...], "text"]`.
    private static String raised(String line) {
        try {
            JsonNode content = JSON.readTree(line.startsWith("X") ? line.substring(1) : "null");
            String name = content.path(0).path(0).asString("");
            String text = content.path(1).asString("");
            if (!name.isEmpty()) {
                return text.isEmpty() ? name : name + ": " + text;
            }
        } catch (JacksonException _) {
            // not what our harness says
        }
        return "the program did not load";
    }

    private static @Nullable String text(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return node.isString() ? node.stringValue() : null;
        } catch (JacksonException _) {
            return null;
        }
    }
}
