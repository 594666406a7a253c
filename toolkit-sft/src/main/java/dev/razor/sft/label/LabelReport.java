package dev.razor.sft.label;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.run.OutputDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a run came to, `OUTPUT.report.json`.
///
/// @param prompts how many there were
/// @param labelled how many have a label
/// @param givenUp how many have none because requests failed
/// @param counts of all samples
public record LabelReport(int prompts, int labelled, int givenUp, LabelCounts counts) {

    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// Where the report on `output` lies.
    public static Path file(Path output) {
        return output.resolveSibling(output.getFileName() + ".report.json");
    }

    static LabelReport of(int prompts, LabelJournal journal, boolean pairs) {
        int labelled = 0;
        int givenUp = 0;
        LabelCounts counts = LabelCounts.NONE;
        for (int i = 0; i < prompts; i++) {
            PromptLabel label = journal.read(i);
            labelled += label.complete(pairs) ? 1 : 0;
            givenUp += label.givenUp(pairs) ? 1 : 0;
            counts = counts.plus(label.counts());
        }
        return new LabelReport(prompts, labelled, givenUp, counts);
    }

    /// What the labels at `output` were written with, by their report; empty where there is none.
    static Optional<ObjectNode> settings(Path output) {
        try {
            return PRETTY.readTree(file(output).toFile()).path("run") instanceof ObjectNode run
                    ? Optional.of(run)
                    : Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// The share of the samples that were right.
    public double acceptedShare() {
        return counts.samples() == 0 ? 0 : (double) counts.right() / counts.samples();
    }

    /// Publishes the report, with the prompts that have no label.
    ///
    /// @param identity what decided the labels
    void write(Path file, List<JsonRecord> records, LabelJournal journal, boolean pairs, LabelIdentity identity) {
        ObjectNode json = PRETTY.createObjectNode();
        json.put("prompts", prompts);
        json.put("labelled", labelled);
        json.put("given_up", givenUp);
        counts.addTo(json);
        json.put("accepted_share", acceptedShare());
        ArrayNode unlabelled = json.putArray("unlabelled");
        for (int i = 0; i < records.size(); i++) {
            PromptLabel label = journal.read(i);
            if (!label.complete(pairs)) {
                ObjectNode entry = unlabelled.addObject();
                entry.put("prompt_index", i);
                if (records.get(i).node().has("id")) {
                    entry.set("id", records.get(i).node().get("id"));
                }
                label.counts().addTo(entry);
            }
        }
        json.set("run", identity.json());
        OutputDirectory.publish(file, path -> Files.writeString(path, PRETTY.writeValueAsString(json) + "\n"));
    }

    /// @throws DataException if there is no label at all, with what became of the samples
    void requireSome(LabelConfig config) {
        if (labelled == 0) {
            throw new DataException(
                    "labels: none of %d prompts got one: of %d samples (max_samples = %d a prompt) %d were right, %d wrong, %d cut off at max_completion_length = %d, %d refused, %d failed, %d could not be judged; raise max_samples or max_completion_length, or take a better teacher"
                            .formatted(
                                    prompts,
                                    counts.samples(),
                                    config.maxSamples(),
                                    counts.right(),
                                    counts.wrong(),
                                    counts.truncated(),
                                    config.maxCompletionLength(),
                                    counts.refusals(),
                                    counts.failures(),
                                    counts.rewardFailures()));
        }
    }
}
