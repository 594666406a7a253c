package dev.razor.sft.label;

/// What a teacher answered once.
///
/// @param text what it wrote, special tokens left out; empty where it wrote nothing that could be judged
record Sample(Ending ending, String text) {

    /// How an answer ended.
    enum Ending {
        /// By itself: it can be judged.
        STOPPED,
        /// At the limit of its length. It is never accepted: it would teach not to stop.
        TRUNCATED,
        /// The teacher, or a filter before it, refused to answer.
        REFUSED,
        /// There is no answer: the request failed, or what came back was none.
        FAILED
    }

    static Sample failed() {
        return new Sample(Ending.FAILED, "");
    }
}
