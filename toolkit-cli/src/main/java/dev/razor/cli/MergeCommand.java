package dev.razor.cli;

import dev.razor.core.pretrained.AdapterMerge;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "merge",
        description = "Puts a LoRA adapter into the weights of its base model.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "The sum is taken in float32 and rounded once, to the type each weight is stored in. Weights without an"
                    + " adapter keep their bytes. One tensor is in memory at a time.",
            "",
            "Example:",
            "  razor merge runs/lora/final --output models/merged",
            ""
        })
final class MergeCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    @Parameters(
            paramLabel = "ADAPTER",
            description = "A PEFT adapter's directory: adapter_config.json, adapter_model.safetensors.")
    private Path adapter;

    @SuppressWarnings("NullAway.Init")
    @Option(names = "--output", required = true, paramLabel = "DIR", description = "A directory that does not exist.")
    private Path output;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            converter = ModelDirectory.class,
            description = "The base model's directory (default: the one that adapter_config.json names).")
    private @Nullable Path base;

    @Override
    public Integer call() {
        AdapterMerge.write(adapter, base, output);
        spec.commandLine().getOut().println("wrote %s".formatted(output));
        return ExitCode.OK;
    }
}
