package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Progress;
import dev.razor.sft.PretrainConfig;
import dev.razor.sft.PretrainRun;
import dev.razor.sft.TextFile;
import dev.razor.study.quickstart.QuickstartWorld;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "pretrain",
        description = "Train a model of a given shape from random weights on text.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "  razor pretrain examples/quickstart/pretrain.yaml --set output=runs/my-base%n")
final class PretrainCommand extends TrainingCommand<PretrainConfig> {

    PretrainCommand() {
        super(PretrainConfig.class);
    }

    @Override
    Path output(PretrainConfig config) {
        return config.output();
    }

    @Override
    void start(PretrainConfig config, boolean goOn, Progress progress) {
        PretrainRun.start(config, texts(config), goOn, progress);
    }

    private static List<String> texts(PretrainConfig config) {
        if (config.data() != null) {
            return TextFile.read(config.data());
        }
        if (!"quickstart".equals(config.generated())) {
            throw new ConfigException(
                    "generated: there is no text called %s; there is quickstart".formatted(config.generated()));
        }
        var world = new QuickstartWorld(QuickstartWorld.Recipe.standard());
        return world.pretrainingTexts(config.training().seed(), config.documents());
    }
}
