package dev.razor.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FollowingTest {

    private static final Instruction QUOTED = InstructionTest.instruction("startend:quotation", "{}");
    private static final Instruction NO_COMMA = InstructionTest.instruction("punctuation:no_comma", "{}");

    @Test
    void strict_emptyResponse_followsNothing() {
        assertThat(Following.strict(List.of(NO_COMMA), " \n")).containsExactly(false);
        assertThat(Following.loose(List.of(NO_COMMA), " \n")).containsExactly(false);
        assertThat(Following.strict(List.of(NO_COMMA, QUOTED), "a")).containsExactly(true, false);
    }

    @Test
    void loose_readsWithoutFirstOrLastLineOrStars() {
        assertThat(Following.readings("a*\nb\nc"))
                .containsExactly("a*\nb\nc", "b\nc", "a*\nb", "b", "a\nb\nc", "b\nc", "a\nb", "b");
        assertThat(Following.readings("a*")).containsExactly("a*", "", "", "", "a", "", "", "");
        for (String response : List.of("Sure!\n\"x\"", "\"x\"\nDone.", "Sure!\n\"x\"\nDone.", "*\"x\"*")) {
            assertThat(Following.strict(List.of(QUOTED), response)).containsExactly(false);
            assertThat(Following.loose(List.of(QUOTED), response)).containsExactly(true);
        }
    }

    @Test
    void loose_eachInstructionMayTakeAnotherReading() {
        // "Sure, x" has a comma in its first line; the quotation needs the first line gone too.
        assertThat(Following.loose(List.of(NO_COMMA, QUOTED), "Sure, here:\n\"x\"\n"))
                .containsExactly(true, true);
    }
}
