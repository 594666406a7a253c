package dev.razor.cli;

import dev.razor.core.base.UserException;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/// What is said about arguments that cannot be taken: wrong usage as picocli tells it, and a user's mistake in
/// a value (a model that is not there) as everywhere: one line a problem, exit 1.
final class UsageErrors implements IParameterExceptionHandler {

    private final IParameterExceptionHandler usual;

    UsageErrors(IParameterExceptionHandler usual) {
        this.usual = usual;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) throws Exception {
        CommandLine command = e.getCommandLine();
        if (e.getCause() instanceof UserException expected) {
            expected.problems().forEach(problem -> command.getErr().println("error: " + problem));
            return ExitCode.USER_ERROR;
        }
        return usual.handleParseException(e, arguments);
    }
}
