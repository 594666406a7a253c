package dev.razor.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// Runs the command line as a shell would, and keeps what it said.
final class CommandLineRunner {

    /// How a command ended.
    record Result(int exitCode, String out, String err) {}

    private CommandLineRunner() {}

    static Result razor(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] line = new String[arguments.length];
        for (int i = 0; i < line.length; i++) {
            line[i] = String.valueOf(arguments[i]);
        }
        int exitCode = Razor.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
