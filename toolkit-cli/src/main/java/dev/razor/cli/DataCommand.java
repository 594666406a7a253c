package dev.razor.cli;

import picocli.CommandLine.Command;

@Command(
        name = "data",
        description = "Make training data, and look at it as the training sees it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DataShowCommand.class, DataPrepareCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  razor data show examples/sft.yaml --limit 3%n")
final class DataCommand {}
