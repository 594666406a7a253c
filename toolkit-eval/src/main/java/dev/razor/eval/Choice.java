package dev.razor.eval;

/// One of the answers a document offers.
///
/// @param query the question as it stands before this answer; the same for all answers, except where the answers
///     differ in the text before the scored part (Winogrande)
/// @param text the scored answer, without the space before it
public record Choice(String query, String text) {

    /// The length of [#text] in Unicode code points, as Python counts characters.
    public int characters() {
        return text.codePointCount(0, text.length());
    }
}
