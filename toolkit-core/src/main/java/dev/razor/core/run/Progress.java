package dev.razor.core.run;

/// Someone who wants to know how far a long piece of work has come. The command line shows it; libraries only
/// tell.
@FunctionalInterface
public interface Progress {

    /// Tells that `done` of `total` steps of `what` are done. A total of zero stands for an unknown one.
    ///
    /// @param what the piece of work in a word or two, such as `step` or `hellaswag`
    /// @param detail values worth seeing, such as `loss 1.234`; empty when there are none
    void update(String what, long done, long total, String detail);

    /// Tells nobody.
    static Progress silent() {
        return (what, done, total, detail) -> {};
    }
}
