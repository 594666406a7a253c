package dev.razor.core.fetch;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A response's body, piece by piece, that does not wait for ever for the next one. It asks for a piece when
/// the last one is taken, so that memory holds few of them.
final class StallingBody implements BodySubscriber<StallingBody>, AutoCloseable {

    private sealed interface Event {
        record Piece(List<ByteBuffer> buffers) implements Event {}

        record End() implements Event {}

        record Failure(Throwable cause) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<StallingBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription.complete(given);
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event.Piece(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Event.Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new Event.End());
    }

    /// The next bytes, or null at the end.
    ///
    /// @throws IOException if the connection broke, or nothing came for the time of `stall`
    @Nullable
    List<ByteBuffer> next(Duration stall) throws IOException, InterruptedException {
        return switch (events.poll(stall.toMillis(), TimeUnit.MILLISECONDS)) {
            case null -> throw new HttpTimeoutException("no byte came for %d ms".formatted(stall.toMillis()));
            case Event.Piece(List<ByteBuffer> buffers) -> {
                subscription.join().request(1);
                yield buffers;
            }
            case Event.End _ -> null;
            case Event.Failure(Throwable cause) -> throw new IOException(cause.getMessage(), cause);
        };
    }

    /// Gives the connection up.
    @Override
    public void close() {
        var _ = subscription.thenAccept(Subscription::cancel);
    }
}
