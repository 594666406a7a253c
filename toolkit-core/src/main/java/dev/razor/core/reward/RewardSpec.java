package dev.razor.core.reward;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.config.NearestKey;
import dev.razor.core.reward.process.CommandLine;
import dev.razor.core.reward.process.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reward as a configuration names it.
sealed interface RewardSpec {

    String JAVA = "java:";
    String PROGRAM = "program:";

    /// One of [Rewards#ALL].
    record BuiltIn(Reward reward) implements RewardSpec {}

    /// `java:com.example.MyReward`.
    record JavaClass(String className) implements RewardSpec {}

    /// `program:python3 rewards/length.py`.
    record Command(String line) implements RewardSpec {}

    /// Reads a name.
    ///
    /// @throws IllegalArgumentException naming all that there are
    static RewardSpec of(String text) {
        if (text.startsWith(JAVA)) {
            String name = text.substring(JAVA.length());
            Check.that(
                    name.matches("\\p{javaJavaIdentifierStart}[\\p{javaJavaIdentifierPart}.]*"),
                    "reward must name a class after java:, such as java:com.example.MyReward, got %s",
                    text);
            return new JavaClass(name);
        }
        if (text.startsWith(PROGRAM)) {
            Check.that(
                    !text.substring(PROGRAM.length()).isBlank(),
                    "reward must name a program after program:, such as program:python3 reward.py, got %s",
                    text);
            return new Command(text.substring(PROGRAM.length()).strip());
        }
        String near = NearestKey.of(text, Rewards.names());
        Check.that(
                Rewards.names().contains(text),
                "reward must be one of %s, java:CLASS or program:COMMAND LINE, got %s%s",
                Rewards.names(),
                text,
                near == null ? "" : "; did you mean " + near + "?");
        return new BuiltIn(Rewards.named(text));
    }

    /// Makes the reward ready.
    ///
    /// @throws ConfigException if it cannot be had
    default Judge open(List<Path> classPath, double timeout) {
        return switch (this) {
            case BuiltIn(MathAnswer math) ->
                served(math.name(), math.name(), MathAnswer.class.getName(), math, List.of(), timeout);
            case BuiltIn(Code code) -> CodeJudge.open(code, timeout);
            case BuiltIn(Reward reward) -> new InProcessJudge(reward);
            case JavaClass(String className) -> {
                for (Path path : classPath) {
                    if (!Files.exists(path)) {
                        throw new ConfigException(
                                "reward_class_path: there is no file or folder %s; compile the reward first"
                                        .formatted(path));
                    }
                }
                String name = className.substring(className.lastIndexOf('.') + 1);
                yield served(JAVA + className, name, className, null, classPath, timeout);
            }
            case Command(String line) -> {
                List<String> command = CommandLine.resolved(line);
                Program program = Program.ofUser(CommandLine.shortName(CommandLine.words(line)), command);
                yield ProcessJudge.open(PROGRAM + line, program, null, timeout);
            }
        };
    }

    private static Judge served(
            String spec,
            String name,
            String className,
            @Nullable Reward trusted,
            List<Path> classPath,
            double timeout) {
        Program program = Program.java(name, RewardWorker.class, List.of(className), classPath);
        return ProcessJudge.open(spec, program, trusted, timeout);
    }
}
