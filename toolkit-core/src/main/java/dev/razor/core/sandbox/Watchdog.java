package dev.razor.core.sandbox;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Does something unless it is closed in time.
final class Watchdog implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean barked;

    Watchdog(long milliseconds, Runnable bark) {
        Thread.ofVirtual().start(() -> {
            try {
                if (!closed.await(milliseconds, TimeUnit.MILLISECONDS)) {
                    barked = true;
                    bark.run();
                }
            } catch (InterruptedException _) {
                bark.run();
            }
        });
    }

    /// Whether the time ran out.
    boolean barked() {
        return barked;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
