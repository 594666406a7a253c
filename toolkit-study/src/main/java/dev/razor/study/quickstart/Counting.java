package dev.razor.study.quickstart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The next number of a sequence with a constant step of up to nine, up or down. Each line shows three numbers
/// and the fourth, so the window of a test question occurs in no other sequence; that window is held out in
/// every wording.
final class Counting implements Skill {

    private static final int HIGHEST_STEP = 9;
    private static final int HIGHEST_NUMBER = 99;

    private static final List<String> UP = List.of("Count by {1}: {0},", "Next after {0}:", "{0}, and then");
    private static final List<String> DOWN = List.of("Count down by {1}: {0},", "Next after {0}:", "{0}, and then");

    private final List<Question> questions;
    private final List<Window> taught;

    Counting(long seed, int count) {
        SplitMix64 draw = SplitMix64.named(seed, "counting");
        List<Window> windows = windows();
        List<Window> heldOut = draw.sample(
                windows.stream()
                        .filter(window -> TwoDigits.isAskable(window.number(3)))
                        .toList(),
                count);
        Set<Window> excluded = new HashSet<>(heldOut);
        taught = windows.stream().filter(window -> !excluded.contains(window)).toList();
        List<Integer> gold = Question.goldPositions(count, draw);
        List<Question> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Window window = heldOut.get(i);
            asked.add(Question.withGoldAt(
                    gold.get(i),
                    window.wording(draw),
                    String.valueOf(window.number(3)),
                    TwoDigits.wrongAnswers(window.number(3), draw)));
        }
        questions = List.copyOf(asked);
    }

    @Override
    public String name() {
        return "counting";
    }

    @Override
    public String description() {
        return "next number after three with a constant step of 1 to %s, up or down; the sequence is held out"
                .formatted(HIGHEST_STEP);
    }

    @Override
    public List<Question> questions() {
        return questions;
    }

    @Override
    public String document(SplitMix64 draw) {
        Window window = draw.pick(taught);
        return window.wording(draw) + " " + window.number(3);
    }

    private static List<Window> windows() {
        List<Window> windows = new ArrayList<>();
        for (int step = 1; step <= HIGHEST_STEP; step++) {
            for (int start = 1; start + 3 * step <= HIGHEST_NUMBER; start++) {
                windows.add(new Window(start, step));
                windows.add(new Window(start + 3 * step, -step));
            }
        }
        return windows;
    }

    private record Window(int start, int step) {

        int number(int index) {
            return start + index * step;
        }

        String wording(SplitMix64 draw) {
            String shown = Phrases.joined(", ", List.of(number(0), number(1), number(2)));
            return Phrases.fill(draw.pick(step > 0 ? UP : DOWN), shown, Math.abs(step));
        }
    }
}
