package dev.razor.core.reward.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How a program is started.
///
/// @param name what messages call it
/// @param command its file and arguments
/// @param saysReady whether it prints `{"ready": true}` before the first question; the time until then is not the
///     question's
public record Program(String name, List<String> command, boolean saysReady) {

    /// What a user has written.
    public static Program ofUser(String name, List<String> command) {
        return new Program(name, command, false);
    }

    /// A class with a main method on this virtual machine's own class path, in a small virtual machine of its
    /// own.
    ///
    /// @param extra jars and folders put behind the class path
    public static Program java(String name, Class<?> main, List<String> arguments, List<Path> extra) {
        List<String> classPath = new ArrayList<>(List.of(System.getProperty("java.class.path")));
        extra.forEach(path -> classPath.add(path.toString()));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                String.join(File.pathSeparator, classPath),
                main.getName()));
        command.addAll(arguments);
        return new Program(name, List.copyOf(command), true);
    }
}
