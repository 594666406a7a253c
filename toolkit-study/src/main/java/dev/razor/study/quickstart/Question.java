package dev.razor.study.quickstart;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// One multiple-choice question; the continuation that a model scores is a space and the choice.
///
/// @param query what the model reads
/// @param choices four different answers
/// @param gold the index of the right one
@JsonPropertyOrder({"query", "choices", "gold"})
public record Question(String query, List<String> choices, int gold) {

    /// Choices a question has.
    public static final int CHOICES = 4;

    public Question {
        choices = List.copyOf(choices);
        Check.that(choices.size() == CHOICES, "%s: a question has %d choices, got %s", query, CHOICES, choices);
        Check.that(choices.stream().distinct().count() == CHOICES, "%s: choices repeat, got %s", query, choices);
        Check.that(gold >= 0 && gold < CHOICES, "%s: gold must be one of 0 to %d, got %d", query, CHOICES - 1, gold);
    }

    /// The right answer.
    public String answer() {
        return choices.get(gold);
    }

    /// The question with its right answer at `gold` and the wrong ones around it in the order given.
    static Question withGoldAt(int gold, String query, String answer, List<String> wrong) {
        List<String> choices = new ArrayList<>(wrong);
        choices.add(gold, answer);
        return new Question(query, choices, gold);
    }

    /// Positions for the gold answers of `count` questions: each position equally often, in a random order.
    static List<Integer> goldPositions(int count, SplitMix64 draw) {
        return draw.shuffled(
                IntStream.range(0, count).mapToObj(i -> i % CHOICES).toList());
    }
}
