package dev.razor.eval.benchmarks;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.pretrained.ChatRecord;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardArguments;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.reward.RewardScore;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A task of the study as a benchmark: the records that `razor data prepare` makes, asked through the chat
/// template, answered greedily, right where the reward that training uses says 1 or more.
///
/// The records are `DIR/NAME/test.jsonl`, or the file given as `--data`.
public final class TaskRecords implements GenerativeBenchmark {

    private static final GenerativeMetric ACCURACY = GenerativeMetric.of("acc");

    private final String name;
    private final String reward;
    private final int maxNewTokens;
    private @Nullable RewardFunctions rewards;

    /// @param name on the command line and in result files
    /// @param reward judges an answer
    public TaskRecords(String name, String reward, int maxNewTokens) {
        this.name = name;
        this.reward = reward;
        this.maxNewTokens = maxNewTokens;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double version() {
        return 1.0;
    }

    @Override
    public GenerationLimits limits() {
        return new GenerationLimits(List.of(), maxNewTokens);
    }

    @Override
    public List<GenerativeMetric> metrics() {
        return List.of(ACCURACY);
    }

    @Override
    public boolean needsChatTemplate() {
        return true;
    }

    @Override
    public List<GenerativeDocument> load(Path data, int numFewshot) {
        ZeroShot.require(name, numFewshot, "takes no examples");
        Path below = data.resolve(name).resolve("test.jsonl");
        Path beside = data.resolve("test.jsonl");
        Path file =
                Files.isRegularFile(data) ? data : Files.isRegularFile(below) || !Files.exists(beside) ? below : beside;
        if (!Files.isRegularFile(file)) {
            throw new DataException("%s: there is no %s; make it with razor data prepare %s --output %s"
                    .formatted(name, file, name, file.getParent()));
        }
        RewardFunctions functions = RewardFunctions.open(RewardArguments.of(reward));
        rewards = functions;
        FilesRead.add(file);
        List<JsonRecord> records = DataFiles.map(file, record -> {
            functions.require(record);
            return record;
        });
        if (records.isEmpty()) {
            throw new DataException("%s: %s holds no records; prepare it again".formatted(name, file));
        }
        return IntStream.range(0, records.size())
                .mapToObj(i -> document(i, records.get(i), functions))
                .toList();
    }

    private static GenerativeDocument document(int number, JsonRecord record, RewardFunctions rewards) {
        return new GenerativeDocument(
                record.node().path("id").asString(Integer.toString(number)),
                messages(record).stream()
                        .map(message -> new Turn(message.role(), message.content(), ""))
                        .toList(),
                record.node().path("answer").asString(""),
                response -> Map.of(ACCURACY.key(), List.of(mark(rewards, record, response))));
    }

    private static List<ChatMessage> messages(JsonRecord record) {
        if (record.node().path("prompt").isString()) {
            return List.of(new ChatMessage("user", record.text("prompt")));
        }
        ChatRecord.messages(record, "prompt"); // refuses what is no conversation
        return record.objects("prompt").stream()
                .map(message -> new ChatMessage(message.text("role"), message.text("content")))
                .toList();
    }

    private static double mark(RewardFunctions rewards, JsonRecord record, String response) {
        RewardScore score = rewards.score(List.of(new Answer(record, response))).getFirst();
        return score.right() ? 1 : 0;
    }

    @Override
    public void close() {
        if (rewards != null) {
            rewards.close();
        }
    }
}
