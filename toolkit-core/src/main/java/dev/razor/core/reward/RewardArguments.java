package dev.razor.core.reward;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.config.Key;
import dev.razor.core.reward.process.CommandLine;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The keys that say what a completion is worth.
public record RewardArguments(
        @Key("what a completion is worth: a reward's name, java:CLASS or program:COMMAND, or a list, summed")
        List<String> reward,

        @Key(value = "the weight of each reward, such as [1, 0.2]; null: 1 each", fallback = "null") @Nullable
        List<Double> rewardWeights,

        @Key(value = "seconds that a reward may take for one completion", fallback = "10.0")
        double rewardTimeout,

        @Key(value = "jars and folders in which the classes of java: rewards are", fallback = "[]")
        List<Path> rewardClassPath) {

    /// As long as a day: no one waits longer for one completion.
    private static final double LONGEST_TIMEOUT = 86_400;

    public RewardArguments {
        Check.that(!reward.isEmpty(), "reward must name at least one");
        reward.forEach(RewardSpec::of);
        Check.that(
                rewardWeights == null || rewardWeights.size() == reward.size(),
                "reward_weights must have a weight for each of %s, got %s",
                reward,
                rewardWeights);
        Check.that(
                rewardWeights == null || rewardWeights.stream().allMatch(weight -> Math.abs(weight) <= 1e6),
                "reward_weights must be numbers from -1000000 to 1000000, got %s",
                rewardWeights);
        Check.that(
                rewardTimeout >= 0.01 && rewardTimeout <= LONGEST_TIMEOUT,
                "reward_timeout must be a number of seconds from 0.01 to 86400, got %s",
                rewardTimeout);
        reward = List.copyOf(reward);
        rewardWeights = rewardWeights == null ? null : List.copyOf(rewardWeights);
        rewardClassPath = List.copyOf(rewardClassPath);
    }

    /// One verifier, with the default time limit.
    public static RewardArguments of(String reward) {
        return new RewardArguments(List.of(reward), null, 10, List.of());
    }

    /// The files that decide what the rewards of a user give: scripts of programs, jars and class files.
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (String name : reward) {
            if (RewardSpec.of(name) instanceof RewardSpec.Command(String line)) {
                CommandLine.words(line).stream()
                        .filter(word -> word.matches(".*[./].*"))
                        .map(Path::of)
                        .filter(Files::isRegularFile)
                        .forEach(files::add);
            }
        }
        for (Path path : rewardClassPath) {
            try (Stream<Path> below = Files.walk(path)) {
                below.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new ConfigException(
                        "reward_class_path: %s cannot be read: %s; correct it".formatted(path, IoReason.of(e)), e);
            }
        }
        return files;
    }

    /// The weight of each reward.
    public List<Double> weights() {
        return Objects.requireNonNullElseGet(
                rewardWeights, () -> reward.stream().map(_ -> 1.0).toList());
    }
}
