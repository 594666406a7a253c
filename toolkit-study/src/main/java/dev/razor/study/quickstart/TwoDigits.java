package dev.razor.study.quickstart;

import java.util.List;

/// Wrong answers beside a right one that is a number of two digits.
final class TwoDigits {

    /// The answers whose neighbours, one and ten away on either side, have two digits as well.
    static final int LOWEST_ANSWER = 21;

    static final int HIGHEST_ANSWER = 88;

    private TwoDigits() {}

    static boolean isAskable(int answer) {
        return answer >= LOWEST_ANSWER && answer <= HIGHEST_ANSWER;
    }

    /// The other corners of a grid `{n, n + 1} + {0, 10}` of which `answer` is a random corner, so that the
    /// four numbers do not tell which of them is right.
    static List<String> wrongAnswers(int answer, SplitMix64 draw) {
        int one = draw.nextInt(2) == 0 ? 1 : -1;
        int ten = draw.nextInt(2) == 0 ? 10 : -10;
        return draw.shuffled(List.of(
                String.valueOf(answer + one), String.valueOf(answer + ten), String.valueOf(answer + one + ten)));
    }
}
