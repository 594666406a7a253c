package dev.razor.core.reward.process;

import dev.razor.core.run.JsonLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One seat of a [WorkerPool]: a program that is kept running from question to question, and started anew after
/// it broke the rules.
///
/// What a question costs is its own fault only. A program that has ended or printed something before it was asked
/// is replaced without a word, and so is one that ends at a question or repeats an old answer when it has
/// answered others before: the question is asked once more, of a fresh one.
final class Worker implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes them
            .build();

    /// A virtual machine on a busy computer may take seconds to start.
    private static final long LONGEST_START = TimeUnit.SECONDS.toNanos(60);

    private static final int LONGEST_SHOWN = 80;

    private final Program program;
    private final long limit;
    private @Nullable LineProcess process;
    private long asked;

    /// Whether the last process ended before it ever answered.
    private boolean diedUnused;

    Worker(Program program, long limitNanos) {
        this.program = program;
        this.limit = limitNanos;
    }

    boolean diedUnused() {
        return diedUnused;
    }

    /// Starts the program unless it runs.
    ///
    /// @return why it does not run, or null if it does
    @Nullable
    String start() throws InterruptedException {
        if (process != null && !process.stale()) {
            return null;
        }
        close();
        try {
            LineProcess started = new LineProcess(program.command(), program.name());
            process = started;
            return program.saysReady() ? awaitReady(started) : null;
        } catch (IOException e) {
            return "cannot be started: " + e.getMessage();
        }
    }

    /// What a fresh program does within the time although it is asked nothing: how it ends, or what it prints;
    /// null if it waits, as it should.
    @Nullable
    String misdeed(long nanos) throws InterruptedException {
        close();
        String problem = start();
        LineProcess fresh = process;
        if (problem != null || fresh == null) {
            return problem;
        }
        LineProcess.Batch batch = fresh.next(nanos);
        if (batch == null) {
            return null;
        }
        String misdeed = batch.lines().isEmpty()
                ? fresh.ending()
                : "printed %s before it was asked; only answers belong on standard output"
                        .formatted(shown(batch.lines().getFirst()));
        close();
        return misdeed;
    }

    /// Asks, and waits for the answer as long as a question may take.
    ///
    /// @param question without its `id`, which is put in front
    Outcome ask(ObjectNode question) throws InterruptedException {
        diedUnused = false;
        boolean used = process != null && !process.stale() && asked > 0;
        Attempt first = attempt(question);
        return used && first.ofAnother() ? attempt(question).outcome() : first.outcome();
    }

    /// @param ofAnother whether an earlier question may be to blame
    private record Attempt(Outcome outcome, boolean ofAnother) {}

    private Attempt attempt(ObjectNode question) throws InterruptedException {
        boolean fresh = process == null || process.stale();
        String problem = start();
        LineProcess running = process;
        if (problem != null || running == null) {
            diedUnused = true;
            close();
            return new Attempt(Outcome.failed(String.valueOf(problem)), false);
        }
        asked = fresh ? 1 : asked + 1;
        ObjectNode line = JSON.createObjectNode().put("id", asked);
        line.setAll(question);
        running.ask(JsonLine.of(line));
        LineProcess.Batch batch = running.next(limit);
        Attempt attempt = judge(batch, running);
        if (attempt.outcome().answer() == null) {
            diedUnused = batch != null && batch.ended() && asked == 1;
            close();
        }
        return attempt;
    }

    private Attempt judge(LineProcess.@Nullable Batch batch, LineProcess running) {
        if (batch == null) {
            return new Attempt(Outcome.failed("took longer than %s s".formatted(seconds())), false);
        }
        if (batch.ended()) {
            return new Attempt(Outcome.failed(running.ending()), true);
        }
        if (batch.tooLong()) {
            return new Attempt(
                    Outcome.failed("printed a line of more than %d bytes".formatted(LineProcess.LONGEST_LINE)), false);
        }
        List<String> lines = batch.lines();
        ObjectNode answer = object(lines.getFirst());
        if (answer == null) {
            return new Attempt(
                    Outcome.failed(
                            "printed %s, which is not one JSON object a line; only answers belong on standard output"
                                    .formatted(shown(lines.getFirst()))),
                    false);
        }
        JsonNode id = answer.path("id");
        if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() != asked) {
            return new Attempt(
                    Outcome.failed("answered with the id %s, the question's was %d".formatted(id, asked)),
                    id.isIntegralNumber() && id.asLong() < asked);
        }
        if (lines.size() > 1) {
            return new Attempt(Outcome.failed("printed %d lines for one question".formatted(lines.size())), false);
        }
        return new Attempt(Outcome.of(answer), false);
    }

    private @Nullable String awaitReady(LineProcess started) throws InterruptedException {
        LineProcess.Batch batch = started.next(LONGEST_START);
        if (batch == null) {
            return "was not ready after 60 s";
        }
        if (batch.ended() || batch.lines().isEmpty()) {
            return started.ending();
        }
        ObjectNode ready = object(batch.lines().getFirst());
        if (ready == null) {
            return "printed %s before it was ready"
                    .formatted(shown(batch.lines().getFirst()));
        }
        return ready.path("ready").asBoolean(false)
                ? null
                : ready.path("problem").asString("is not ready");
    }

    private static @Nullable ObjectNode object(String line) {
        try {
            return JSON.readTree(line) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String shown(String line) {
        return "'" + (line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "...") + "'";
    }

    private String seconds() {
        return BigDecimal.valueOf(limit, 9).stripTrailingZeros().toPlainString();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }
}
