package dev.razor.core.tensor;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/// How many of the machine's cores libtorch takes for one operator on the CPU.
public final class Threads {

    /// The user's own word, given before the program starts.
    private static final String SETTING = "ai.djl.pytorch.num_threads";

    private Threads() {}

    /// Gives every operator that this thread calls one core, so that its results do not depend on how many there
    /// are.
    public static void one() {
        Engine.getEngine("PyTorch"); // loads libtorch
        JniUtils.setNumThreads(1);
    }

    /// Lets each of `jobs` threads that compute at the same time have its share of the cores: libtorch keeps
    /// the number a thread. Called by each of these threads before its first tensor. What
    /// `-Dai.djl.pytorch.num_threads` or `OMP_NUM_THREADS` says stays; one job alone has what libtorch takes by
    /// itself.
    public static void shareCores(int jobs) {
        if (jobs == 1 || Integer.getInteger(SETTING) != null || System.getenv("OMP_NUM_THREADS") != null) {
            return;
        }
        Engine.getEngine("PyTorch"); // loads libtorch
        JniUtils.setNumThreads(Math.max(1, Runtime.getRuntime().availableProcessors() / jobs));
    }
}
