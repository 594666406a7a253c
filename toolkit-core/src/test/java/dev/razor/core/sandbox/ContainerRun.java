package dev.razor.core.sandbox;

import dev.razor.core.base.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A process of its own for tests of [Sandbox#find]: prints the sandbox it found, then what becomes of the
/// program in the file given, or the problem.
final class ContainerRun {

    private ContainerRun() {}

    public static void main(String[] arguments) throws Exception {
        try {
            Sandbox sandbox = Sandbox.find();
            System.out.println(sandbox.description());
            PythonTests tests = new PythonTests(sandbox, Limits.DEFAULT.withTime(Duration.ofSeconds(20)));
            String program = Files.readString(Path.of(arguments[0]));
            System.out.println(tests.run(new PythonTest(program, "f", "", "found = f()\nassert found == [], found"))
                    .reason());
        } catch (UserException e) {
            e.problems().forEach(System.out::println);
        }
    }
}
