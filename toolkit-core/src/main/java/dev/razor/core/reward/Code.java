package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.sandbox.PythonTest;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// One for a Python program that passes the record's test in the sandbox, else zero:
///
/// ```
/// {"prompt": "...", "entry_point": "add", "test": "assert add(2, 3) == 5", "setup": "", "code_prefix": ""}
/// ```
///
/// The program is `code_prefix` (may be missing) and what stands in the completion's last fenced block, or the
/// whole completion where there is none. `test` is trusted Python in which `entry_point` is the program's
/// function; `setup` (may be missing) runs before it. Program and test run in two sandboxes, so the program
/// cannot forge its verdict; see [dev.razor.core.sandbox.PythonTests].
public final class Code implements Reward {

    private static final Pattern FENCED =
            Pattern.compile("```[ \\t]*(?:python|py)?[ \\t]*\\R(.*?)(?:```|\\z)", Pattern.DOTALL);

    @Override
    public String name() {
        return "code";
    }

    @Override
    public void require(JsonRecord record) {
        for (String key : List.of("entry_point", "test")) {
            if (record.text(key).isBlank()) {
                throw record.problem(key, "is empty; the reward code needs it");
            }
        }
        if (record.has("setup")) {
            record.text("setup");
        }
        if (record.has("code_prefix")) {
            record.text("code_prefix");
        }
    }

    /// The completion's program with the record's test.
    static PythonTest test(JsonRecord record, String completion) {
        return new PythonTest(
                Objects.requireNonNullElse(record.optionalText("code_prefix"), "") + program(completion),
                record.text("entry_point"),
                Objects.requireNonNullElse(record.optionalText("setup"), ""),
                record.text("test"));
    }

    static String program(String completion) {
        return FENCED.matcher(completion)
                .results()
                .map((MatchResult match) -> match.group(1))
                .reduce((_, last) -> last)
                .orElse(completion);
    }

    /// Is not called: [CodeJudge] runs programs, many at a time.
    @Override
    public double score(JsonRecord record, String completion) {
        throw new IllegalStateException("a program is judged in the sandbox");
    }
}
