package dev.razor.eval.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.loss.PositionScores;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.SharedPrefixes;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.TokenizedRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Requests computed in one forward pass.
///
/// A request's last token is predicted and never read: `read = ids[0 .. n-2]`, and token `t` of the continuation
/// is predicted where token `t - 1` is read. So continuations of one token after the same context cost one
/// sequence.
///
/// @param members indices into all requests, in the lexicographic order of what they read
/// @param tree what they read
record ScoringBatch(List<Integer> members, PrefixTree tree) {

    /// Scores the members of the batch into `results`.
    ///
    /// @param dtype of the model
    /// @param requests all requests
    /// @param results where each request's score goes, by its index
    void score(
            CausalLm model, NDManager manager, Dtype dtype, List<TokenizedRequest> requests, LogLikelihood[] results) {
        PrefixTree.Row row = tree.row();
        int count = members.stream()
                .mapToInt(i -> requests.get(i).continuationIds().length)
                .sum();
        int[] at = new int[count];
        long[] targets = new long[count];
        int n = 0;
        for (int member = 0; member < members.size(); member++) {
            TokenizedRequest request = requests.get(members.get(member));
            int context = request.contextIds().length;
            int scored = request.continuationIds().length;
            for (int t = 0; t < scored; t++) {
                at[n] = row.at(member, context + scored - 1, context + t - 1);
                targets[n] = request.continuationIds()[t];
                n++;
            }
        }
        List<Integer> ascending = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingInt(i -> at[i]))
                .toList();
        PositionScores.Result scores = scores(model, manager, dtype, row, at, targets, ascending);
        double[] sums = new double[count];
        boolean[] greedy = new boolean[count];
        for (int i = 0; i < count; i++) {
            sums[ascending.get(i)] = scores.logProbs()[i];
            greedy[ascending.get(i)] = scores.greedy()[i];
        }
        n = 0;
        for (int member : members) {
            double sum = 0;
            boolean all = true;
            for (int t = 0; t < requests.get(member).continuationIds().length; t++) {
                sum += sums[n];
                all &= greedy[n];
                n++;
            }
            results[member] = new LogLikelihood(sum, all);
        }
    }

    private static PositionScores.Result scores(
            CausalLm model,
            NDManager manager,
            Dtype dtype,
            PrefixTree.Row row,
            int[] at,
            long[] targets,
            List<Integer> ascending) {
        int[] wanted = Arrays.stream(at).sorted().distinct().toArray();
        int[] rows = ascending.stream()
                .mapToInt(i -> Arrays.binarySearch(wanted, at[i]))
                .toArray();
        long[] sorted = ascending.stream().mapToLong(i -> targets[i]).toArray();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray ids = manager.create(row.ids(), new Shape(1, row.ids().length));
            Dtype attention =
                    AttentionContext.computeType(dtype, manager.getDevice().isGpu());
            SharedPrefixes context = SharedPrefixes.of(manager, attention, row.starts(), row.parents());
            NDArray hidden = model.hidden(ids, context); // [1, T, D]
            NDArray flat = hidden.reshape(row.ids().length, hidden.getShape().get(2));
            NDArray index = manager.create(Arrays.stream(wanted).asLongStream().toArray());
            return PositionScores.of(model.head(), Aten.indexSelect(flat, 0, index), rows, sorted);
        }
    }
}
