package dev.razor.eval.kl;

import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.JsonlWriter;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.run.Publication;
import dev.razor.eval.TokenizedRequest;
import dev.razor.eval.lines.CompletionRecord;
import dev.razor.eval.lines.RecordId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// The files of a comparison: prompts or sequences in, aggregates and one line a sequence out.
public final class KlFiles {

    private KlFiles() {}

    /// Prompts, each a line of its own right even where two lines are equal.
    ///
    /// @param ids the name of each
    public record Prompts(List<JsonNode> ids, List<int[]> prompts) {}

    /// Given sequences. Those with equal prompts are of one prompt.
    ///
    /// @param ids the name of each
    public record Sequences(List<JsonNode> ids, List<KlSequence> sequences) {}

    /// Reads lines with `prompt`, `prompt_ids` or `messages`; the base model's tokenizer reads text.
    ///
    /// @throws dev.razor.core.base.DataException if a record cannot be used
    public static Prompts readPrompts(Path file, PretrainedModel base) {
        List<JsonNode> ids = new ArrayList<>();
        List<int[]> prompts = new ArrayList<>();
        DataFiles.forEach(file, record -> {
            ids.add(RecordId.of(record, ids.size()));
            prompts.add(PromptIds.of(record, base));
        });
        return new Prompts(List.copyOf(ids), List.copyOf(prompts));
    }

    /// Reads lines with a prompt and `completion_ids` or `completion`.
    ///
    /// @throws dev.razor.core.base.DataException if a record cannot be used
    public static Sequences readSequences(Path file, PretrainedModel base) {
        List<JsonNode> ids = new ArrayList<>();
        List<KlSequence> sequences = new ArrayList<>();
        Map<List<Integer>, Integer> prompts = new LinkedHashMap<>();
        DataFiles.forEach(file, (JsonRecord record) -> {
            ids.add(RecordId.of(record, ids.size()));
            TokenizedRequest tokens = CompletionRecord.of(record, base);
            List<Integer> key = Arrays.stream(tokens.contextIds()).boxed().toList();
            prompts.putIfAbsent(key, prompts.size());
            sequences.add(new KlSequence(prompts.get(key), tokens.contextIds(), tokens.continuationIds(), false));
        });
        return new Sequences(List.copyOf(ids), List.copyOf(sequences));
    }

    /// Where the lines lie: beside `output`, its `.json` replaced by `.sequences.jsonl`.
    public static Path linesFile(Path output) {
        String name = String.valueOf(output.getFileName()).replaceFirst("\\.json$", "");
        return output.resolveSibling(name + ".sequences.jsonl");
    }

    /// Publishes what `compute` gives, both files or none. That they can be written is seen before it runs.
    ///
    /// @param ids of the prompts or, where sequences were given, of these
    /// @throws dev.razor.core.base.ConfigException if one of the files exists or cannot be written
    public static KlResult publish(Path output, KlSettings settings, List<JsonNode> ids, Supplier<KlResult> compute) {
        Path linesFile = linesFile(output);
        try (JsonlWriter lines = JsonlWriter.create(linesFile);
                Publication whole = Publication.of(output)) {
            try {
                Files.createFile(whole.temporary());
                KlResult result = compute.get();
                write(lines, result, settings.plan() != null, ids);
                Files.writeString(
                        whole.temporary(), KlJson.text(result, settings, String.valueOf(linesFile.getFileName())));
                lines.commit();
                whole.commit();
                return result;
            } catch (IOException e) {
                throw whole.failed(e);
            }
        }
    }

    private static void write(JsonlWriter lines, KlResult result, boolean drawn, List<JsonNode> ids) {
        List<SequenceDivergence> sequences = result.sequences();
        for (int i = 0; i < sequences.size(); i++) {
            SequenceDivergence one = sequences.get(i);
            int named = drawn ? one.sequence().prompt() : i;
            lines.write(KlJson.line(ids.get(named), one, drawn ? "base" : null));
        }
        for (SequenceDivergence one : result.fromModel()) {
            lines.write(KlJson.line(ids.get(one.sequence().prompt()), one, "model"));
        }
    }
}
