package dev.razor.core.reward;

import dev.razor.core.base.ConfigException;
import dev.razor.core.reward.math.FinalAnswer;
import java.util.List;

/// The rewards that ship with Razor: one file and one entry here each.
public final class Rewards {

    public static final List<Reward> ALL = List.of(
            new OneOf(),
            new Science(),
            new ToolUse(),
            new ToolUseStrict(),
            new MathAnswer(),
            new Code(),
            FormatReward.tagged("format_think_answer", "think"),
            FormatReward.tagged("format_reasoning_answer", "reasoning"),
            new FormatReward("format_boxed", text -> FinalAnswer.boxes(text) == 1));

    private Rewards() {}

    /// The names of all.
    public static List<String> names() {
        return ALL.stream().map(Reward::name).toList();
    }

    /// The reward called `name`.
    ///
    /// @throws ConfigException if there is none
    public static Reward named(String name) {
        return ALL.stream()
                .filter(reward -> reward.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException("reward: there is none called %s; there are %s".formatted(name, names())));
    }
}
