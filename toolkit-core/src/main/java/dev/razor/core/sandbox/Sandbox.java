package dev.razor.core.sandbox;

import dev.razor.core.base.ConfigException;

/// A place in which code that nobody has read can run without harm; docs/sandbox.md tells what each holds off.
public abstract sealed class Sandbox permits BubblewrapSandbox, ContainerSandbox {

    /// The environment variable that says: this is a container made for running model-written code.
    public static final String CONTAINER_VARIABLE = "RAZOR_EXEC_CONTAINER";

    /// What isolates, in words, with versions; for result files.
    public abstract String description();

    /// Starts one of our Python programs, confined. It waits for [PythonProcess#awaitReady].
    abstract PythonProcess start(Harness harness, Limits limits);

    /// The sandbox that this machine has.
    ///
    /// @throws ConfigException if it has none; the message says how to get one
    public static Sandbox find() {
        String container = System.getenv(CONTAINER_VARIABLE);
        if (container == null || container.isEmpty() || container.equals("0")) {
            return BubblewrapSandbox.tried();
        }
        if (container.equals("1")) {
            return ContainerSandbox.here();
        }
        throw new ConfigException("%s: must be 1 or unset, got %s; set it in the execution container only"
                .formatted(CONTAINER_VARIABLE, container));
    }
}
