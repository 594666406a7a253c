package dev.razor.study.quickstart;

import java.util.List;

/// One ability that the pre-training text teaches and a held-out multiple-choice test measures.
///
/// The four choices of a question are made such that no rule that reads the choices alone finds the right one:
/// numbers are the corners of a two-by-two grid around the answer, words and names come from one pool, and the
/// right answer stands equally often at each index.
public sealed interface Skill permits Arithmetic, Counting, Facts, WordSense, Comparison, DigitLists {

    /// The name of the skill and of its file.
    String name();

    /// What the skill asks and what exactly is held out, for the data's README.
    String description();

    /// The held-out test.
    List<Question> questions();

    /// One line of pre-training text, which is never a test question with its answer.
    String document(SplitMix64 draw);
}
