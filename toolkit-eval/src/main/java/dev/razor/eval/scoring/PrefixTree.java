package dev.razor.eval.scoring;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Token sequences as a tree in which a shared beginning stands once.
///
/// Sequences are added in lexicographic order, so that a new one can share only with the one before it. A
/// beginning is shared from [#MIN_SHARED] tokens on: fewer are cheaper to compute again than to attend to apart.
final class PrefixTree {

    private static final int MIN_SHARED = 8;

    private final boolean sharing;
    private final List<Segment> roots = new ArrayList<>();
    private final List<Segment> ends = new ArrayList<>();
    private int tokens;

    /// @param sharing false puts every sequence apart, to compare with
    PrefixTree(boolean sharing) {
        this.sharing = sharing;
    }

    /// Tokens of one sequence, or of several, behind those of the parent.
    private static final class Segment {

        private final int[] ids;
        private int from;
        private final int to;
        private @Nullable Segment parent;
        private final List<Segment> children = new ArrayList<>();
        private int number;

        Segment(int[] ids, int from, int to, @Nullable Segment parent) {
            this.ids = ids;
            this.from = from;
            this.to = to;
            this.parent = parent;
        }

        int length() {
            return to - from;
        }
    }

    /// The tree as one row of tokens, a segment after the other, parents first.
    ///
    /// @param ids the tokens
    /// @param starts where each segment begins, and behind them where the last one ends
    /// @param parents the segment before each, -1 where there is none
    /// @param ends the last segment of each sequence, in the order of [#add]
    record Row(long[] ids, int[] starts, int[] parents, int[] ends) {

        /// Where token `position` of a sequence stands in the row.
        ///
        /// @param sequence its number in the order of [#add]
        /// @param length tokens of the sequence
        int at(int sequence, int length, int position) {
            int segment = ends[sequence];
            int end = length;
            while (position < end - (starts[segment + 1] - starts[segment])) {
                end -= starts[segment + 1] - starts[segment];
                segment = parents[segment];
            }
            return starts[segment + 1] - (end - position);
        }
    }

    /// Tokens of the row.
    int tokens() {
        return tokens;
    }

    /// Adds a sequence. Only one that begins with the whole of the last one's, or differs from it in a larger
    /// token, or is the same, may follow.
    void add(int[] ids) {
        Check.that(ids.length > 0, "a sequence needs a token");
        Segment parent = null;
        int at = 0;
        while (at < ids.length) {
            Segment last = last(parent);
            int common = last == null ? 0 : common(last, ids, at);
            if (last == null || !isShared(last, common)) {
                Segment rest = new Segment(ids, at, ids.length, parent);
                childrenOf(parent).add(rest);
                tokens += ids.length - at;
                parent = rest;
                at = ids.length;
            } else {
                parent = common == last.length() ? last : split(last, common);
                at += common;
            }
        }
        ends.add(parent);
    }

    /// How many tokens [#add] would add.
    int added(int[] ids) {
        Segment last = last(null);
        int at = 0;
        while (last != null && at < ids.length) {
            int common = common(last, ids, at);
            if (!isShared(last, common)) {
                break;
            }
            at += common;
            last = common == last.length() ? last(last) : null;
        }
        return ids.length - at;
    }

    private boolean isShared(Segment last, int common) {
        return sharing && (common == last.length() || common >= MIN_SHARED);
    }

    private @Nullable Segment last(@Nullable Segment parent) {
        List<Segment> children = childrenOf(parent);
        return children.isEmpty() ? null : children.getLast();
    }

    private List<Segment> childrenOf(@Nullable Segment parent) {
        return parent == null ? roots : parent.children;
    }

    private static int common(Segment segment, int[] ids, int at) {
        int most = Math.min(segment.length(), ids.length - at);
        int common = 0;
        while (common < most && segment.ids[segment.from + common] == ids[at + common]) {
            common++;
        }
        return common;
    }

    /// Cuts the first `length` tokens off `segment` into a parent of its own.
    private Segment split(Segment segment, int length) {
        Segment upper = new Segment(segment.ids, segment.from, segment.from + length, segment.parent);
        List<Segment> siblings = childrenOf(segment.parent);
        siblings.set(siblings.size() - 1, upper);
        upper.children.add(segment);
        segment.parent = upper;
        segment.from += length;
        return upper;
    }

    Row row() {
        var order = new ArrayList<Segment>();
        roots.forEach(root -> number(root, order));
        long[] ids = new long[tokens];
        int[] starts = new int[order.size() + 1];
        int[] parents = new int[order.size()];
        for (int i = 0; i < order.size(); i++) {
            Segment segment = order.get(i);
            for (int t = segment.from; t < segment.to; t++) {
                ids[starts[i] + t - segment.from] = segment.ids[t];
            }
            starts[i + 1] = starts[i] + segment.to - segment.from;
            parents[i] = segment.parent == null ? -1 : segment.parent.number;
        }
        return new Row(
                ids, starts, parents, ends.stream().mapToInt(end -> end.number).toArray());
    }

    private static void number(Segment segment, List<Segment> order) {
        segment.number = order.size();
        order.add(segment);
        segment.children.forEach(child -> number(child, order));
    }
}
