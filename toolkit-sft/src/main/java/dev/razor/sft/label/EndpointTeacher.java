package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.pretrained.ChatRecord;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.RewardFunctions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A server as teacher. Samples are asked for one after the other, each in a request of its own, because the
/// first right one ends the search and many servers ignore `n`; several prompts are under way at once.
///
/// Messages are sent as they are, with the record's `tools`; a prompt that is text is sent as one message of the
/// user.
final class EndpointTeacher implements LabelTeacher {

    private final EndpointClient client;
    private final LabelConfig config;
    private final @Nullable RewardFunctions reward;

    EndpointTeacher(EndpointClient client, LabelConfig config, @Nullable RewardFunctions reward) {
        this.client = client;
        this.config = config;
        this.reward = reward;
    }

    @Override
    public void require(JsonRecord record) {
        if (PromptIds.isConversation(record)) {
            ChatRecord.messages(record, PromptIds.form(record));
        } else if (record.text("prompt").isEmpty()) {
            throw record.problem("prompt", "is empty; there is nothing to ask");
        }
    }

    @Override
    public void label(List<LabelTask> tasks, Consumer<PromptLabel> done) {
        ExecutorService threads = Executors.newFixedThreadPool(
                config.concurrency(),
                Thread.ofPlatform().daemon().name("label-", 0).factory());
        try {
            CompletionService<PromptLabel> results = new ExecutorCompletionService<>(threads);
            for (LabelTask task : tasks) {
                Callable<PromptLabel> search = () -> search(task);
                var _ = results.submit(search);
            }
            for (int i = 0; i < tasks.size(); i++) {
                done.accept(results.take().get());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("a label could not be searched", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private PromptLabel search(LabelTask task) throws InterruptedException {
        LabelSearch search = new LabelSearch(task, config, reward);
        while (search.open()) {
            search.offer(client.complete(body(task, search.next())));
        }
        return search.result();
    }

    private ObjectNode body(LabelTask task, int sample) {
        JsonRecord record = task.record();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("model", config.endpointModel());
        if (PromptIds.isConversation(record)) {
            body.set("messages", record.node().get(PromptIds.form(record)));
        } else {
            body.putArray("messages").addObject().put("role", "user").put("content", record.text("prompt"));
        }
        if (record.has("tools")) {
            body.set("tools", record.node().get("tools"));
        }
        body.put("temperature", config.temperature());
        body.put("top_p", config.topP());
        body.put(config.endpointLengthField().name().toLowerCase(Locale.ROOT), config.maxCompletionLength());
        if (config.endpointSeed()) {
            // servers take 31 bits
            body.put("seed", TeacherSamples.name(config.seed(), 0, task.prompt(), sample) >>> 33);
        }
        return body;
    }

    @Override
    public void close() {
        client.close();
    }
}
