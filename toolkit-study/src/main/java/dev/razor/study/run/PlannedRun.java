package dev.razor.study.run;

import dev.razor.core.config.ConfigLoader;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.train.TrainingArguments;
import dev.razor.grpo.GrpoConfig;
import dev.razor.grpo.GrpoPlan;
import dev.razor.sft.SftConfig;
import dev.razor.sft.SftPlan;
import dev.razor.sft.simpo.SimPoConfig;
import dev.razor.sft.simpo.SimPoPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One training run of a study.
///
/// @param name unlike any other run's of the study, and fit for a folder
/// @param method the method it belongs to
public record PlannedRun(String name, String method, Trainer trainer) {

    /// Tokens of the longest prompt of a rollout, where nobody has looked at the prompts.
    public static final int PROMPT = 256;

    /// What is run.
    public sealed interface Trainer {

        /// Supervised fine-tuning.
        record Sft(SftConfig config) implements Trainer {}

        /// GRPO.
        record Grpo(GrpoConfig config) implements Trainer {}

        /// SimPO.
        record SimPo(SimPoConfig config) implements Trainer {}
    }

    /// The keys that all trainers have.
    public TrainingArguments arguments() {
        return switch (trainer) {
            case Trainer.Sft(SftConfig config) -> config.training();
            case Trainer.Grpo(GrpoConfig config) -> config.training();
            case Trainer.SimPo(SimPoConfig config) -> config.training();
        };
    }

    /// Every key of the run, defaults included.
    ObjectNode settings() {
        return switch (trainer) {
            case Trainer.Sft(SftConfig config) -> ConfigWriter.toNode(config);
            case Trainer.Grpo(GrpoConfig config) -> ConfigWriter.toNode(config);
            case Trainer.SimPo(SimPoConfig config) -> ConfigWriter.toNode(config);
        };
    }

    /// The memory that it takes, by arithmetic. A teacher that is not there yet, another run's model, has the shape of
    /// the model that learns from it.
    ///
    /// @param longestPrompt tokens of the longest prompt of a rollout; [#PROMPT] where it is not known
    /// @throws dev.razor.core.base.UserException if the shape of the model is not there
    public MemoryPlan memory(DeviceMemory memory, int longestPrompt) {
        return switch (trainer) {
            case Trainer.Sft(SftConfig config) -> SftPlan.of(withTeacherThatIsThere(config), memory);
            case Trainer.Grpo(GrpoConfig config) -> GrpoPlan.of(config, memory, longestPrompt);
            case Trainer.SimPo(SimPoConfig config) -> SimPoPlan.of(config, memory);
        };
    }

    private static SftConfig withTeacherThatIsThere(SftConfig config) {
        String teacher = config.labels().teacher();
        if (teacher == null || List.of("base", "self").contains(teacher) || Files.exists(Path.of(teacher))) {
            return config;
        }
        ObjectNode keys = ConfigWriter.toNode(config);
        keys.put("teacher", config.model().toString());
        return ConfigLoader.bind(keys, "teacher", SftConfig.class);
    }

    /// The run's folder.
    public Path directory() {
        return switch (trainer) {
            case Trainer.Sft(SftConfig config) -> config.output();
            case Trainer.Grpo(GrpoConfig config) -> config.output();
            case Trainer.SimPo(SimPoConfig config) -> config.output();
        };
    }
}
