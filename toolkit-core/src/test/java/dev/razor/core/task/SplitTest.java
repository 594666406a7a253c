package dev.razor.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SplitTest {

    private static final int ALL = Integer.MAX_VALUE;

    /// `count` prompts, the groups of which have `size` each.
    private static List<PreparedTask> tasks(int count, int size) {
        List<PreparedTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(PreparedTask.of("t", "group " + i / size, PreparedTask.messages("user", "question " + i)));
        }
        return tasks;
    }

    private static List<String> ids(List<PreparedTask> tasks) {
        return tasks.stream().map(PreparedTask::id).toList();
    }

    private static Set<String> groups(List<PreparedTask> tasks) {
        return tasks.stream().map(PreparedTask::group).collect(Collectors.toSet());
    }

    @Test
    void cut_givesTheSharesRounded_eachPromptOnce_inTheOrderGiven() {
        List<PreparedTask> tasks = tasks(203, 1);
        Split.Parts parts = Split.STANDARD.cut(tasks, 42, ALL);
        // 0.75 * 203 = 152.25, 0.80 * 203 = 162.4
        assertThat(parts.train()).hasSize(152);
        assertThat(parts.validation()).hasSize(10);
        assertThat(parts.test()).hasSize(41);
        assertThat(parts.groups()).isEqualTo(203);
        List<String> all = ids(tasks);
        for (List<PreparedTask> part : List.of(parts.train(), parts.validation(), parts.test())) {
            assertThat(ids(part)).isSortedAccordingTo((a, b) -> Integer.compare(all.indexOf(a), all.indexOf(b)));
        }
        Set<String> together = new HashSet<>(ids(parts.train()));
        together.addAll(ids(parts.validation()));
        together.addAll(ids(parts.test()));
        assertThat(together).hasSize(203);
    }

    @Test
    void cut_neverPartsAGroup() {
        for (long seed = 0; seed < 20; seed++) {
            Split.Parts parts = new Split(0.5, 0.25, 0.25).cut(tasks(70, 7), seed, ALL);
            assertThat(parts.groups()).isEqualTo(10);
            assertThat(groups(parts.train())).doesNotContainAnyElementsOf(groups(parts.validation()));
            assertThat(groups(parts.train())).doesNotContainAnyElementsOf(groups(parts.test()));
            assertThat(groups(parts.validation())).doesNotContainAnyElementsOf(groups(parts.test()));
            assertThat(parts.train()).hasSize(35);
            assertThat(parts.train().size()
                            + parts.validation().size()
                            + parts.test().size())
                    .isEqualTo(70);
        }
    }

    @Test
    void cut_dependsOnTheSeed_andNotOnTheOrderOfThePrompts() {
        List<PreparedTask> tasks = tasks(60, 2);
        Split.Parts parts = Split.STANDARD.cut(tasks, 42, ALL);
        assertThat(ids(Split.STANDARD.cut(tasks.reversed(), 42, ALL).test()))
                .containsExactlyInAnyOrderElementsOf(ids(parts.test()));
        assertThat(ids(Split.STANDARD.cut(tasks, 43, ALL).test())).isNotEqualTo(ids(parts.test()));
        assertThat(ids(Split.STANDARD.cut(tasks, 42, ALL).test())).isEqualTo(ids(parts.test()));
    }

    @Test
    void cut_withALimit_takesSoManyOfTheSeedsOrder() {
        List<PreparedTask> tasks = tasks(100, 3);
        Split.Parts parts = new Split(0.5, 0, 0.5).cut(tasks, 42, 20);
        assertThat(parts.train().size() + parts.test().size()).isEqualTo(20);
        Split.Parts more = new Split(1, 0, 0).cut(tasks, 42, 50);
        assertThat(ids(more.train()))
                .hasSize(50)
                .containsAll(ids(parts.train()))
                .containsAll(ids(parts.test()));
        assertThat(new Split(1, 0, 0).cut(tasks, 42, 1000).train()).hasSize(100);
    }

    @Test
    void cut_leavesAPartWithoutAShareEmpty() {
        for (int count = 1; count < 40; count++) {
            Split.Parts all = new Split(1, 0, 0).cut(tasks(count, 4), 7, ALL);
            assertThat(all.train()).hasSize(count);
            Split.Parts some = new Split(0.9, 0.1, 0).cut(tasks(count, 1), 7, ALL);
            assertThat(some.test()).isEmpty();
            assertThat(Math.abs(some.train().size() - 0.9 * count)).isLessThanOrEqualTo(0.5 + 1e-9);
        }
    }

    @Test
    void shares_mustAddUp() {
        assertThatThrownBy(() -> new Split(0.75, 0.05, 0.1))
                .hasMessage("the shares must add up to 1, got 0.75 + 0.05 + 0.1");
        assertThatThrownBy(() -> new Split(1.5, -0.5, 0)).hasMessage("a share must be in [0, 1], got 1.5");
        assertThat(new Split(0.7, 0.1, 0.2).test()).isEqualTo(0.2);
    }
}
