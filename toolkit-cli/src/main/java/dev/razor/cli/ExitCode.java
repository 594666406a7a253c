package dev.razor.cli;

/// What the process tells the shell.
final class ExitCode {

    static final int OK = 0;

    /// The user's input or data is at fault.
    static final int USER_ERROR = 1;

    /// The command line cannot be understood.
    static final int WRONG_USAGE = 2;

    /// `EX_SOFTWARE` of sysexits.h.
    static final int BUG = 70;

    private ExitCode() {}
}
