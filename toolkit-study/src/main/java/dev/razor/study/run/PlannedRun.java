package dev.razor.study.run;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.train.TrainingArguments;
import dev.razor.grpo.GrpoConfig;
import dev.razor.sft.SftConfig;
import dev.razor.sft.simpo.SimPoConfig;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// One training run of a study.
///
/// @param name unlike any other run's of the study, and fit for a folder
/// @param method the method it belongs to
public record PlannedRun(String name, String method, Trainer trainer) {

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

    /// The run's folder.
    public Path directory() {
        return switch (trainer) {
            case Trainer.Sft(SftConfig config) -> config.output();
            case Trainer.Grpo(GrpoConfig config) -> config.output();
            case Trainer.SimPo(SimPoConfig config) -> config.output();
        };
    }
}
