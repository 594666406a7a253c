package dev.razor.core.sandbox;

/// A program and the tests that decide whether it is right.
///
/// The program is run on one side, setup and test on the other, where [#entryPoint] stands for the program's
/// function. HumanEval's setup is its prompt, whose helpers the test calls, and its test ends in `check(NAME)`;
/// tests that are bare assertions need neither.
///
/// @param program the text of the program, as a whole
/// @param entryPoint the name of the program's function that the test calls
/// @param setup trusted Python that runs before the test; may be empty
/// @param test trusted Python; the program is right if it runs to its end
public record PythonTest(String program, String entryPoint, String setup, String test) {}
