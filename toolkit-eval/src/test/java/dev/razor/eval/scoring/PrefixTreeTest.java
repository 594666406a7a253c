package dev.razor.eval.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixTreeTest {

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /// Ten tokens in common, then two and three of their own.
    @Test
    void row_ofTwoThatShareTen_hasThemOnce() {
        var tree = new PrefixTree(true);
        tree.add(joined(range(0, 10), new int[] {20, 21}));
        assertThat(tree.added(joined(range(0, 10), new int[] {30, 31, 32}))).isEqualTo(3);
        tree.add(joined(range(0, 10), new int[] {30, 31, 32}));
        PrefixTree.Row row = tree.row();

        assertThat(row.ids()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 30, 31, 32);
        assertThat(row.starts()).containsExactly(0, 10, 12, 15);
        assertThat(row.parents()).containsExactly(-1, 0, 0);
        assertThat(row.ends()).containsExactly(1, 2);
        assertThat(row.at(0, 12, 9)).isEqualTo(9);
        assertThat(row.at(0, 12, 10)).isEqualTo(10);
        assertThat(row.at(1, 13, 0)).isZero();
        assertThat(row.at(1, 13, 12)).isEqualTo(14);
    }

    /// One that another begins with, and the same again, add nothing; a few tokens in common are not worth a
    /// segment.
    @Test
    void add_sharesWholeSequencesButNotAFewTokens() {
        var tree = new PrefixTree(true);
        tree.add(range(0, 3));
        tree.add(range(0, 12));
        tree.add(range(0, 12));
        assertThat(tree.tokens()).isEqualTo(12);
        assertThat(tree.row().parents()).containsExactly(-1, 0);
        tree.add(new int[] {0, 1, 2, 3, 9, 9});
        assertThat(tree.tokens()).isEqualTo(15);

        var apart = new PrefixTree(false);
        apart.add(range(0, 12));
        apart.add(range(0, 12));
        assertThat(apart.tokens()).isEqualTo(24);
    }

    /// Whatever the sequences, the row holds each of them along its path, and `added` foretells what `add` adds.
    @Test
    void row_holdsEverySequence() {
        var random = new Random(5);
        for (int round = 0; round < 200; round++) {
            List<int[]> sequences = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int length = 1 + random.nextInt(40);
                int fork = random.nextInt(40);
                int[] ids = new int[length];
                for (int t = 0; t < length; t++) {
                    ids[t] = t < fork ? t % 3 : random.nextInt(2);
                }
                sequences.add(ids);
            }
            sequences.sort(Arrays::compare);
            var tree = new PrefixTree(true);
            for (int[] ids : sequences) {
                int before = tree.tokens();
                int foretold = tree.added(ids);
                tree.add(ids);
                assertThat(tree.tokens() - before).isEqualTo(foretold);
            }
            PrefixTree.Row row = tree.row();
            assertThat(row.ids()).hasSize(tree.tokens());
            for (int s = 0; s < sequences.size(); s++) {
                int[] ids = sequences.get(s);
                for (int t = 0; t < ids.length; t++) {
                    assertThat(row.ids()[row.at(s, ids.length, t)]).isEqualTo(ids[t]);
                }
            }
        }
    }
}
