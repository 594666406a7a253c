package dev.razor.cli;

/// The tensor engine, loaded when first asked for.
final class Engine {

    private Engine() {}

    /// libtorch's release.
    static String version() {
        return ai.djl.engine.Engine.getEngine("PyTorch").getVersion();
    }
}
