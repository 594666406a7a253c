package dev.razor.core.tensor;

import ai.djl.pytorch.jni.JniUtils;

/// Whether operations on this thread are recorded for the backward pass; restores the former mode on close.
///
/// libtorch keeps this switch a thread, on by default; DJL turns it off on the thread that loads the engine. So
/// whoever computes says which one is meant.
public final class GradMode implements AutoCloseable {

    private final boolean before;

    private GradMode(boolean enabled) {
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(enabled);
    }

    /// Records operations until closed.
    public static GradMode on() {
        return new GradMode(true);
    }

    /// Records nothing until closed.
    public static GradMode off() {
        return new GradMode(false);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}
