package dev.razor.core.reward.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Several copies of one program that share questions; answers come in the questions' order, whichever copy gave
/// them.
///
/// ```
/// time of a call <= questions * limit / copies
/// ```
///
/// and much less where the program does not run at all: when two fresh copies in a row have ended without an
/// answer, a third is started and asked nothing. If it ends too, that is the program's own doing, and the call's
/// other questions fail at once. The next call tries again.
public final class WorkerPool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    /// Copies beyond this one seldom help and cost memory.
    private static final int MOST_COPIES = 4;

    /// How many deaths in a row before the first answer make a program suspect.
    private static final int SUSPECT = 2;

    private static final long PROBE = TimeUnit.SECONDS.toNanos(1);

    private final Program program;
    private final long limit;
    private final List<Worker> workers = new ArrayList<>();
    private final int copies;
    private int deaths;
    private @Nullable String broken;

    /// @param seconds how long a question may take
    public WorkerPool(Program program, double seconds) {
        this(program, seconds, Math.min(Runtime.getRuntime().availableProcessors(), MOST_COPIES));
    }

    WorkerPool(Program program, double seconds, int copies) {
        this.program = program;
        this.limit = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        this.copies = copies;
    }

    /// Starts one copy.
    ///
    /// @param patience how many seconds to watch whether it ends or prints, where it does not say that it is
    ///     ready
    /// @return why it does not run, or null if it does
    public @Nullable String start(double patience) {
        try {
            Worker first = worker(0);
            String problem = first.start();
            return problem != null || program.saysReady()
                    ? problem
                    : first.misdeed((long) (patience * TimeUnit.SECONDS.toNanos(1)));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /// Asks all questions.
    ///
    /// @return what came of each, in their order
    public List<Outcome> ask(List<ObjectNode> questions) {
        Outcome[] outcomes = new Outcome[questions.size()];
        AtomicInteger next = new AtomicInteger();
        broken = null;
        deaths = 0;
        List<Thread> threads = IntStream.range(0, Math.min(copies, questions.size()))
                .mapToObj(i -> {
                    Worker worker = worker(i);
                    return Thread.ofVirtual()
                            .name(program.name() + "-" + i)
                            .start(() -> work(worker, questions, outcomes, next));
                })
                .toList();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw interrupted();
        }
        return List.of(outcomes);
    }

    private void work(Worker worker, List<ObjectNode> questions, Outcome[] outcomes, AtomicInteger next) {
        for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
            String known = broken();
            if (known != null) {
                outcomes[i] = Outcome.failed(known);
                continue;
            }
            try {
                outcomes[i] = worker.ask(questions.get(i));
                watch(worker, outcomes[i]);
            } catch (InterruptedException e) {
                outcomes[i] = Outcome.failed("was interrupted");
                breakDown("was interrupted");
            } catch (RuntimeException e) {
                outcomes[i] = Outcome.failed("could not be asked: " + e);
            }
        }
    }

    /// Notices a program that does not run at all.
    private void watch(Worker worker, Outcome outcome) throws InterruptedException {
        if (outcome.answer() != null) {
            count(false);
        } else if (worker.diedUnused() && count(true) >= SUSPECT) {
            String misdeed = worker.misdeed(Math.min(limit, PROBE));
            if (misdeed == null) {
                count(false);
            } else {
                breakDown(misdeed);
            }
        }
    }

    private synchronized int count(boolean death) {
        deaths = death ? deaths + 1 : 0;
        return deaths;
    }

    private synchronized @Nullable String broken() {
        return broken;
    }

    private synchronized void breakDown(String why) {
        if (broken == null) {
            broken = "does not run: " + why;
            LOG.error("reward {}: {}; this step's other completions get nothing from it", program.name(), broken);
        }
    }

    private synchronized Worker worker(int i) {
        while (workers.size() <= i) {
            workers.add(new Worker(program, limit));
        }
        return workers.get(i);
    }

    private IllegalStateException interrupted() {
        close();
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while asking " + program.name());
    }

    /// Kills all copies and what they started.
    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
