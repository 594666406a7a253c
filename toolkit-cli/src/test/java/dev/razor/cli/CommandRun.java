package dev.razor.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// What a command did: its exit code and what it printed.
record CommandRun(int exit, String out, String err) {

    static CommandRun of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Razor.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int exit = command.execute(words);
        return new CommandRun(exit, out.toString(), err.toString());
    }

    /// The one line that a user's mistake is told in.
    String problem() {
        return err.lines()
                .filter(line -> line.startsWith("error: "))
                .reduce((a, b) -> a + "\n" + b)
                .orElse(err);
    }
}
