package dev.razor.core.reward;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.reward.process.Outcome;
import dev.razor.core.reward.process.Program;
import dev.razor.core.reward.process.WorkerPool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A reward in a process of its own, which may hang, crash or be killed: a user's program, or a Java class served
/// by [RewardWorker]. One of ours checks records on this side.
final class ProcessJudge implements Judge {

    /// For so many seconds a program is watched when it is opened: one that ends at once, or prints a greeting,
    /// is found before a model is loaded.
    private static final double PATIENCE = 0.3;

    private final Program program;
    private final @Nullable Reward trusted;
    private final WorkerPool pool;

    private ProcessJudge(Program program, @Nullable Reward trusted, double timeout) {
        this.program = program;
        this.trusted = trusted;
        this.pool = new WorkerPool(program, timeout);
    }

    /// Starts the program.
    ///
    /// @param spec the reward as the user wrote it, for messages
    /// @throws ConfigException if it does not run
    static ProcessJudge open(String spec, Program program, @Nullable Reward trusted, double timeout) {
        ProcessJudge judge = new ProcessJudge(program, trusted, timeout);
        String problem = judge.pool.start(PATIENCE);
        if (problem != null) {
            judge.close();
            throw new ConfigException("reward: %s: %s".formatted(spec, problem));
        }
        return judge;
    }

    @Override
    public String name() {
        return program.name();
    }

    /// A program is asked about completions only; a Java class checks the record as it would here.
    @Override
    public void require(JsonRecord record) {
        if (trusted != null) {
            trusted.require(record);
        } else if (program.saysReady()) {
            Outcome outcome =
                    pool.ask(List.of(question(record).put("require", true))).getFirst();
            ObjectNode answer = outcome.answer();
            String problem =
                    answer == null ? outcome.failure() : answer.path("error").asString("");
            if (problem != null && !problem.isEmpty()) {
                throw record.problem("reward %s: its check of the record %s".formatted(name(), problem));
            }
            if (answer != null && answer.hasNonNull("problem")) {
                throw new DataException(answer.get("problem").stringValue());
            }
        }
    }

    @Override
    public List<Verdict> score(List<Answer> answers) {
        List<ObjectNode> questions = answers.stream()
                .map(answer -> {
                    ObjectNode question = JsonNodeFactory.instance.objectNode().put("completion", answer.text());
                    question.setAll(question(answer.record()));
                    return question;
                })
                .toList();
        return pool.ask(questions).stream().map(ProcessJudge::verdict).toList();
    }

    private ObjectNode question(JsonRecord record) {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.set("record", record.node());
        return program.saysReady()
                ? question.put("file", record.file().toString()).put("line", record.line())
                : question;
    }

    private static Verdict verdict(Outcome outcome) {
        ObjectNode answer = outcome.answer();
        if (answer == null) {
            return Verdict.failed(String.valueOf(outcome.failure()));
        }
        JsonNode reward = answer.path("reward");
        if (answer.hasNonNull("error")) {
            return Verdict.failed(
                    answer.get("error").asString(answer.get("error").toString()));
        }
        if (reward.isBoolean()) {
            return Verdict.of(reward.booleanValue() ? 1 : 0);
        }
        return reward.isNumber()
                ? Verdict.of(reward.doubleValue())
                : Verdict.failed(
                        reward.isMissingNode()
                                ? "answered without a reward"
                                : "gave the reward %s, which is no number".formatted(reward));
    }

    @Override
    public void close() {
        pool.close();
    }
}
