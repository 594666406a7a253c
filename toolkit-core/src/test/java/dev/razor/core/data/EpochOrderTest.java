package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.random.Draws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EpochOrderTest {

    /// What a plan without weights has been since the first release; results of studies depend on it.
    private static List<int[]> first(int examples, int batchSize, int accumulation, long seed, int step) {
        int stepsPerEpoch = Math.ceilDiv(Math.ceilDiv(examples, batchSize), accumulation);
        int[] order = Draws.permutation(examples, seed, 0x5348_5546_464cL, step / stepsPerEpoch);
        int from = step % stepsPerEpoch * accumulation * batchSize;
        List<int[]> batches = new ArrayList<>();
        for (int i = 0; i < accumulation && from < examples; i++, from += batchSize) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(examples, from + batchSize)));
        }
        return batches;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "10, 3, 2", "100, 7, 4", "33, 8, 1"})
    void mixture_ofEveryExampleOnce_isThePlanThereAlwaysWas(int examples, int batchSize, int accumulation) {
        int half = examples / 2;
        List<EpochOrder> same = new ArrayList<>(List.of(
                EpochOrder.shuffled(examples, 7),
                new EpochOrder.Mixture(List.of(examples), null, 7),
                new EpochOrder.Mixture(List.of(examples), List.of(1.0), 7)));
        if (half > 0) {
            same.add(new EpochOrder.Mixture(List.of(half, examples - half), null, 7));
            same.add(new EpochOrder.Mixture(List.of(half, examples - half), List.of(1.0, 1.0), 7));
        }
        for (EpochOrder order : same) {
            StepPlan plan = new StepPlan(order, batchSize, accumulation);
            for (int step = 3 * plan.stepsPerEpoch() - 1; step >= 0; step--) {
                assertThat(plan.microBatches(step))
                        .usingRecursiveComparison()
                        .isEqualTo(first(examples, batchSize, accumulation, 7, step));
            }
        }
    }

    /// round(0.3 x 10) = 3, round(2.5 x 3) = 8, round(0.01 x 4) = 0 but at least 1.
    @Test
    void mixture_takesItsShareOfEachSource() {
        var order = new EpochOrder.Mixture(List.of(10, 3, 4), List.of(0.3, 2.5, 0.01), 1);
        assertThat(order.size()).isEqualTo(3 + 8 + 1);
        for (int epoch = 0; epoch < 5; epoch++) {
            int[] taken = order.epoch(epoch);
            assertThat(Arrays.stream(taken).filter(i -> i < 10)).hasSize(3).doesNotHaveDuplicates();
            assertThat(Arrays.stream(taken).filter(i -> i >= 10 && i < 13)).hasSize(8);
            assertThat(Arrays.stream(taken).filter(i -> i >= 13 && i < 17)).hasSize(1);
            assertThat(taken).hasSize(12);
        }
    }

    /// After every epoch the examples of a source have been seen equally often, or once more.
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.5, 0.99, 1.4, 2.0, 3.7})
    void mixture_seesTheExamplesOfASourceEquallyOften(double weight) {
        var order = new EpochOrder.Mixture(List.of(10, 7), List.of(weight, 1.0), 3);
        int[] seen = new int[17];
        for (int epoch = 0; epoch < 23; epoch++) {
            for (int index : order.epoch(epoch)) {
                seen[index]++;
            }
            int[] first = Arrays.copyOf(seen, 10);
            assertThat(Arrays.stream(first).max().orElseThrow()
                            - Arrays.stream(first).min().orElseThrow())
                    .isBetween(0, 1);
            assertThat(Arrays.copyOfRange(seen, 10, 17)).containsOnly(epoch + 1);
        }
        assertThat(Arrays.stream(seen).limit(10).sum()).isEqualTo(23 * (int) Math.round(weight * 10));
    }

    @Test
    void mixture_dependsOnSeedAndEpochAlone() {
        var order = new EpochOrder.Mixture(List.of(20, 30), List.of(0.5, 1.5), 3);
        var again = new EpochOrder.Mixture(List.of(20, 30), List.of(0.5, 1.5), 3);
        int[] late = order.epoch(4);
        IntStream.range(0, 4).forEach(again::epoch);
        assertThat(again.epoch(4)).containsExactly(late);
        assertThat(order.epoch(5)).isNotEqualTo(late);
        assertThat(new EpochOrder.Mixture(List.of(20, 30), List.of(0.5, 1.5), 4).epoch(4))
                .isNotEqualTo(late);
    }

    @Test
    void mixture_refusesMoreThanCanBeCounted() {
        assertThatThrownBy(() -> new EpochOrder.Mixture(List.of(10), List.of(1e30), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("data_weights: an epoch would take 2147483647 examples");
    }

    private static int[] lengths(int examples) {
        return IntStream.range(0, examples)
                .map(i -> 1 + (int) (Draws.uniform(11, i) * 500))
                .toArray();
    }

    /// Steps of 4; 1000 examples are 250 steps, in megabatches of min(50, 250 / 4) = 50.
    @Test
    void byLength_makesStepsOfLikeLength_andTakesEveryExampleOnce() {
        int[] lengths = lengths(1003);
        EpochOrder plain = EpochOrder.shuffled(1003, 5);
        var order = new EpochOrder.ByLength(plain, lengths, 4, 5);
        int[] epoch = order.epoch(2);
        assertThat(epoch).hasSize(1003).doesNotHaveDuplicates();
        int spread = 0;
        int plainSpread = 0;
        int falling = 0;
        for (int step = 0; step < 250; step++) {
            int[] tokens = IntStream.range(4 * step, 4 * step + 4)
                    .map(i -> lengths[epoch[i]])
                    .toArray();
            assertThat(tokens).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
            spread += tokens[0] - tokens[3];
            int[] unsorted = Arrays.stream(plain.epoch(2), 4 * step, 4 * step + 4)
                    .map(i -> lengths[i])
                    .sorted()
                    .toArray();
            plainSpread += unsorted[3] - unsorted[0];
            falling += step > 0 && lengths[epoch[4 * step - 4]] >= tokens[0] ? 1 : 0;
        }
        // 200 lengths of a megabatch lie 2.5 apart; four drawn at random span 3/5 of the 500
        assertThat(spread / 250).isLessThan(15);
        assertThat(plainSpread / 250).isBetween(270, 330);
        assertThat(falling).as("steps that follow a longer one").isBetween(95, 155);
        assertThat(Arrays.copyOfRange(epoch, 1000, 1003))
                .as("the rest, as the plain order has it")
                .containsExactlyInAnyOrder(Arrays.copyOfRange(plain.epoch(2), 1000, 1003));
    }

    /// Four steps and less than four megabatches: a step is a megabatch, whose examples are those of the plain
    /// step.
    @Test
    void byLength_ofFewSteps_keepsThemApart() {
        int[] lengths = {5, 1, 9, 3, 7, 2, 8, 4, 6, 10};
        EpochOrder plain = EpochOrder.shuffled(10, 1);
        int[] epoch = new EpochOrder.ByLength(plain, lengths, 4, 1).epoch(0);
        int[] order = plain.epoch(0);
        List<List<Integer>> expected = List.of(sorted(order, 0, 4, lengths), sorted(order, 4, 8, lengths));
        assertThat(List.of(boxed(epoch, 0, 4), boxed(epoch, 4, 8))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(boxed(epoch, 8, 10)).isEqualTo(sorted(order, 8, 10, lengths));
        assertThat(new EpochOrder.ByLength(EpochOrder.shuffled(3, 1), lengths, 4, 1).epoch(0))
                .as("less than a step")
                .containsExactly(2, 0, 1);
    }

    private static List<Integer> boxed(int[] values, int from, int to) {
        return Arrays.stream(values, from, to).boxed().toList();
    }

    private static List<Integer> sorted(int[] values, int from, int to, int[] lengths) {
        return Arrays.stream(values, from, to)
                .boxed()
                .sorted((a, b) -> lengths[b] - lengths[a])
                .toList();
    }

    @Test
    void byLength_dependsOnSeedAndEpochAlone() {
        int[] lengths = lengths(300);
        StepPlan plan = new StepPlan(new EpochOrder.ByLength(EpochOrder.shuffled(300, 5), lengths, 6, 5), 3, 2);
        StepPlan other = new StepPlan(new EpochOrder.ByLength(EpochOrder.shuffled(300, 5), lengths, 6, 5), 3, 2);
        List<int[]> late = plan.microBatches(120);
        IntStream.range(0, 120).forEach(other::microBatches);
        assertThat(other.microBatches(120)).usingRecursiveComparison().isEqualTo(late);
    }
}
