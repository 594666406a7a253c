package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.run.Progress;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the base wrote after the prompts on which divergences are measured: drawn once, read for each run that is
/// measured. A line a sequence: `{"prompt": 0, "completion_ids": [...], "truncated": false}`.
///
/// @param file where it is kept
record SamplesFile(StudyConfig study, StudyPlaces places, Path file) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Draws them and writes the file.
    BaseSamples draw(PretrainedModel base, Progress progress) {
        BaseSamples samples = BaseSamples.draw(base, plan(base), progress);
        StringBuilder lines = new StringBuilder();
        for (KlSequence sequence : samples.sequences()) {
            ObjectNode line = JSON.createObjectNode();
            line.put("prompt", sequence.prompt());
            ArrayNode ids = line.putArray("completion_ids");
            for (int id : sequence.completionIds()) {
                ids.add(id);
            }
            line.put("truncated", sequence.truncated());
            lines.append(JSON.writeValueAsString(line)).append('\n');
        }
        AtomicFile.write(file, lines.toString());
        return samples;
    }

    /// Reads the file.
    ///
    /// @throws DataException if it is not what [#draw] wrote
    BaseSamples read(PretrainedModel base) {
        SamplingPlan plan = plan(base);
        List<KlSequence> sequences = new ArrayList<>();
        for (JsonRecord line : Jsonl.read(file)) {
            int prompt = line.integer("prompt");
            JsonNode ids = line.node().path("completion_ids");
            if (prompt < 0 || prompt >= plan.prompts().size() || ids.isEmpty()) {
                throw new DataException(
                        "%s: is not what the study wrote; delete it and state/base.json".formatted(file));
            }
            int[] completion = new int[ids.size()];
            for (int i = 0; i < completion.length; i++) {
                completion[i] = ids.get(i).asInt();
            }
            sequences.add(new KlSequence(
                    prompt,
                    plan.prompts().get(prompt),
                    completion,
                    line.node().path("truncated").asBoolean()));
        }
        int expected = plan.prompts().size() * study.meters().samples();
        if (sequences.size() != expected) {
            throw new DataException("%s: has %d samples, expected %d; delete it and state/base.json"
                    .formatted(file, sequences.size(), expected));
        }
        return new BaseSamples(plan, sequences);
    }

    private SamplingPlan plan(PretrainedModel base) {
        List<int[]> prompts = new ArrayList<>();
        for (JsonRecord record :
                DataFiles.read(places.data().resolve(study.task().klPrompts()))) {
            prompts.add(PromptIds.of(record, base));
        }
        return new SamplingPlan(
                prompts,
                study.meters().samples(),
                study.task().maxCompletionLength(),
                base.tokenizer().stopTokenIds(),
                study.meters().seed(),
                study.evalBatchSize());
    }
}
