package dev.razor.cli;

import picocli.CommandLine.Command;

@Command(
        name = "models",
        description = "Models and data sets by name: fetch what models.lock names, and check its bytes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsListCommand.class,
            ModelsFetchCommand.class,
            ModelsVerifyCommand.class,
            ModelsLockCommand.class
        },
        footerHeading = "%nExample:%n",
        footer = "  razor models fetch qwen2.5-3b-instruct hellaswag mmlu%n")
final class ModelsCommand {}
