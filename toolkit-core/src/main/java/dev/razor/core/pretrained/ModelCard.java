package dev.razor.core.pretrained;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where an exported model came from, for people (`README.md`, a Hugging Face model card) and for programs
/// (`razor.json`).
///
/// Both depend on nothing but the values here, so that a run that was interrupted and resumed writes the same
/// bytes as one that was not: no dates, no durations, no command line. The key `output` is left out of the
/// configuration, since a model is the same wherever it is written.
///
/// @param method how it was trained, such as `sft`; also a tag
/// @param adapter whether the export is an adapter beside its base, which PEFT loads
/// @param base the name of the base model's directory; empty for a model that began from random weights
/// @param baseSha256 the base model's digest, see [dev.razor.core.run.Sha256#ofModel]
/// @param data the files it was trained on
/// @param steps optimiser steps made
/// @param config every setting, as [ConfigWriter#toNode] gives them
/// @param provenance the program and the machine
/// @see <a href="https://huggingface.co/docs/hub/model-cards">Model cards</a>
public record ModelCard(
        String method,
        boolean adapter,
        String base,
        String baseSha256,
        List<DataFile> data,
        int steps,
        ObjectNode config,
        Provenance provenance) {

    /// The card's name in a model directory.
    public static final String README = "README.md";

    /// The name of the machine-readable form.
    public static final String JSON_NAME = "razor.json";

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.shared();

    /// A file that was read.
    public record DataFile(String name, String sha256) {}

    public ModelCard {
        data = List.copyOf(data);
        config = config.deepCopy().without("output");
    }

    /// Writes both files into `directory`, a model's that is being written.
    public void write(Path directory) throws IOException {
        Files.writeString(directory.resolve(README), render());
        Files.writeString(
                directory.resolve(JSON_NAME),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(toJson()) + "\n");
    }

    /// The card in Markdown with its front matter.
    public String render() {
        return """
                ---
                %slibrary_name: %s
                pipeline_tag: text-generation
                tags:
                - razor
                - %s
                ---

                # %s, %s with Razor (%s)

                | | |
                |---|---|
                %s| optimiser steps | %d |
                | Razor | %s |
                | libtorch | %s |
                | Java | %s |
                | machine | %s, %d cores, %s |

                The digest of a model is that of the list which `sha256sum` prints of its files. `razor.json` holds all of
                this for programs.

                ## Data

                %s
                ## Configuration

                ```yaml
                %s```
                """.formatted(
                        base.isEmpty() ? "" : "base_model: %s\n".formatted(quoted(base)),
                        adapter ? "peft" : "transformers",
                        method,
                        base.isEmpty() ? "A model" : line(base),
                        base.isEmpty() ? "trained" : "fine-tuned",
                        method,
                        base.isEmpty()
                                ? ""
                                : "| base model | `%s` |\n| its sha256 | `%s` |\n".formatted(line(base), baseSha256),
                        steps,
                        provenance.gitCommit() == null
                                ? provenance.razorVersion()
                                : "%s, commit `%s`".formatted(provenance.razorVersion(), provenance.gitCommit()),
                        provenance.libtorchVersion(),
                        provenance.javaVersion(),
                        line(provenance.cpu()),
                        provenance.cores(),
                        provenance.os(),
                        dataTable(),
                        ConfigWriter.toYaml(config));
    }

    private String dataTable() {
        if (data.isEmpty()) {
            return "No files.\n";
        }
        return "| file | sha256 |\n|---|---|\n"
                + data.stream()
                        .map(file -> "| `%s` | `%s` |\n".formatted(line(file.name), file.sha256))
                        .collect(Collectors.joining());
    }

    /// The same as JSON.
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT).put("method", method);
        json.putObject("base").put("name", base).put("sha256", baseSha256);
        ArrayNode files = json.putArray("data");
        data.forEach(file -> files.addObject().put("name", file.name).put("sha256", file.sha256));
        json.put("steps", steps);
        json.set("config", config.deepCopy());
        json.set("provenance", provenance.lastingJson());
        return json;
    }

    /// A text of YAML that is a text whatever it looks like.
    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    /// A name of a file may hold what would end a line or a cell of a table.
    private static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}|`]", "_");
    }
}
