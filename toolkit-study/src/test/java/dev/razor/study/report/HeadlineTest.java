package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HeadlineTest {

    private static final Point BASE = point("base", 0, 0.4, 0, 0);

    @Test
    void sentences_nameTheMethodThatForgotLess_whicheverItIs() {
        assertThat(first(BASE, point("sft", 1, 0.9, 0.10, 2), point("grpo", 1, 0.8, 0.01, 1)))
                .isEqualTo(
                        "GRPO forgot less than SFT: at a new-task accuracy of 80.0 %, the highest that both reached, "
                                + "the least forgetting was 1.0 point for GRPO (the best of one model) and 10.0 points for "
                                + "SFT (the best of one model).");
        assertThat(first(BASE, point("sft", 1, 0.9, 0.01, 2), point("grpo", 1, 0.8, 0.10, 1)))
                .startsWith("SFT forgot less than GRPO: at a new-task accuracy of 80.0 %");
        assertThat(first(BASE, point("sft", 1, 0.9, 0.1, 2), point("grpo", 1, 0.8, 0.1, 1)))
                .startsWith("SFT and GRPO forgot equally little");
        assertThat(first(BASE, point("a", 1, 0.9, 0.1, 2), point("b", 1, 0.8, 0.3, 1), point("c", 1, 0.8, 0.2, 1)))
                .startsWith("a forgot less than c and b: at a new-task accuracy of 80.0 %, the highest that all");
    }

    /// Two benchmarks with standard errors 0.03 and 0.04: se(prior) = 0.05 / 2 = 0.025; of a difference
    /// 0.0354, twice that 0.0707.
    @Test
    void sentences_sayWhetherTheDifferenceMayBeChance() {
        Map<String, BaseScore> scores = Map.of("x", new BaseScore(0.5, 0.03), "y", new BaseScore(0.5, 0.04));
        assertThat(Chance.priorError(BASE, data(scores, BenchmarkErrors.NONE, BASE)))
                .isCloseTo(0.025, within(1e-12));
        assertThat(sentences(scores, BASE, point("sft", 1, 0.9, 0.08, 2), point("grpo", 1, 0.9, 0, 1)))
                .contains("The difference of 8.0 points is more than twice its standard error (about 3.54 points).");
        assertThat(sentences(scores, BASE, point("sft", 1, 0.9, 0.07, 2), point("grpo", 1, 0.9, 0, 1)))
                .contains("The difference of 7.0 points is not more than twice its standard error (about 3.54 points): "
                        + "it may be chance.");
        assertThat(sentences(Map.of(), BASE, point("sft", 1, 0.9, 0.07, 2), point("grpo", 1, 0.9, 0, 1)))
                .anyMatch(sentence -> sentence.startsWith("Standard errors of the prior scores are not known"));
    }

    /// The base scores 100 %, so its error is 0; the models' are 0.03 and 0.04, of their difference 0.05.
    @Test
    void sentences_judgeChanceByTheModelsCompared() {
        Map<String, BaseScore> scores = Map.of("x", new BaseScore(1, 0));
        Point grpo = point("grpo", 1, 0.9, 0.1, 1);
        Point sft = point("sft", 1, 0.9, 0.5, 2);
        assertThat(chance(scores, Map.of("grpo 1", Map.of("x", 0.03), "sft 1", Map.of("x", 0.04)), grpo, sft))
                .isEqualTo("The difference of 40.0 points is more than twice its standard error (about 5.00 points).");
        assertThat(chance(scores, Map.of("sft 1", Map.of("x", 0.04)), grpo, sft))
                .isEqualTo("The difference of 40.0 points is more than twice its standard error (about 4.00 points).");
        assertThat(chance(scores, Map.of("grpo 1", Map.of("x", 0.0), "sft 1", Map.of("x", 0.0)), grpo, sft))
                .isEqualTo("The standard error of the difference of 40.0 points is 0, as every prior score of the two "
                        + "models is at an end of its scale, so it says nothing about chance.");
        assertThat(chance(scores, Map.of(), grpo, sft))
                .isEqualTo(
                        "Standard errors of the two models' prior scores are not all known, and the base model's, at "
                                + "an end of its scale, are 0, so the difference of 40.0 points cannot be told from chance.");
        assertThat(chance(Map.of("x", new BaseScore(1, Double.NaN)), Map.of(), grpo, sft))
                .startsWith("Standard errors of the prior scores are not known");
    }

    /// The mean of 0.1, 0.2 and 0.3 depends on the order in which they are added.
    @Test
    void sentences_nameAllThatTie_andSayNothingOfChance() {
        double one = (0.1 + 0.2 + 0.3) / 3;
        double other = (0.3 + 0.2 + 0.1) / 3;
        assertThat(one).isNotEqualTo(other);
        Map<String, BaseScore> scores = Map.of("x", new BaseScore(0.5, 0.03));
        assertThat(sentences(scores, BASE, point("m1", 1, 0.9, one, 2), point("m2", 1, 0.9, other, 1)))
                .noneMatch(sentence -> sentence.contains("difference of") || sentence.contains("chance"))
                .first()
                .asString()
                .startsWith("m2 and m1 forgot equally little: at");
        Point[] three = {BASE, point("a", 1, 0.9, 0, 2), point("b", 1, 0.9, 0, 1), point("c", 1, 0.9, 0, 1)};
        assertThat(first(three)).startsWith("a, b and c forgot equally little: at");
        three[3] = point("c", 1, 0.9, 0.2, 1);
        assertThat(first(three)).startsWith("a and b forgot equally little, the least of 3 methods: at");
    }

    @Test
    void sentences_warnWhenAMethodLearnedNothing() {
        assertThat(sentences(Map.of(), BASE, point("sft", 1, 0.4, 0, 2), point("grpo", 1, 0.8, 0.1, 1)))
                .anyMatch(sentence -> sentence.startsWith("Read this with care: the base model already scores 40.0 %"));
        assertThat(sentences(Map.of(), BASE, point("sft", 1, 0.41, 0, 2), point("grpo", 1, 0.8, 0.1, 1)))
                .noneMatch(sentence -> sentence.startsWith("Read this with care"));
    }

    @Test
    void sentences_sayWhenThereIsOneSeed() {
        assertThat(sentences(Map.of(), point("sft", 1, 0.9, 0.1, 2), point("grpo", 1, 0.9, 0, 1)))
                .contains("All runs share one seed, so how much the answer depends on the seed is not known.");
        assertThat(sentences(Map.of(), seeded("sft", 8, 0.8, 0.1), point("grpo", 1, 0.9, 0, 1)))
                .contains(
                        "These are the best of one seed for GRPO and one for SFT; no seed had models of both methods, "
                                + "so how much the answer depends on the seed is not known.");
        assertThat(sentences(
                        Map.of(), seeded("sft", 8, 0.8, 0.1), seeded("grpo", 8, 0.8, 0.1), seeded("sft", 9, 0.8, 0.1)))
                .anyMatch(sentence -> sentence.startsWith("These are the best of "
                        + "2 seeds for SFT and one for GRPO; only one seed had models of both"));
        assertThat(sentences(
                        Map.of(), seeded("sft", 8, 0.8, 0.1), seeded("grpo", 8, 0.8, 0.2), seeded("c", 9, 0.8, 0.3)))
                .contains("SFT and GRPO were measured with one seed, so how much the answer depends on the seed is not "
                        + "known.");
    }

    /// Pooled, the bar is 0.8 and the best are 0.02 against 0.05. Within seeds: bars 0.7 and 0.8, differences
    /// 0.06 - 0.04 = 0.02 and 0.05 - 0.02 = 0.03 and 0.01 - 0.03 = -0.02; mean 0.01, standard deviation
    /// sqrt((0.01^2 + 0.02^2 + 0.03^2) / 2) = 0.0265.
    @Test
    void sentences_compareWithinEachSeed() {
        List<String> sentences = sentences(
                Map.of(),
                seeded("grpo", 1, 0.7, 0.04),
                seeded("sft", 1, 0.9, 0.06),
                seeded("grpo", 2, 0.8, 0.02),
                seeded("sft", 2, 0.9, 0.05),
                seeded("grpo", 3, 0.7, 0.03),
                seeded("sft", 3, 0.7, 0.01));

        assertThat(sentences.getFirst()).startsWith("GRPO forgot less than SFT: at a new-task accuracy of 80.0 %");
        assertThat(sentences)
                .contains(
                        "These are the best of 3 seeds: within each seed, at its own bar, GRPO forgot less than SFT in "
                                + "2 of 3, on average by 1.00 points (standard deviation 2.65).");
    }

    /// SFT has no third seed; in the second both forgot the same but for rounding.
    @Test
    void sentences_countTheSeedsOfEachMethod() {
        assertThat(sentences(
                        Map.of(),
                        seeded("grpo", 1, 0.8, 0.02),
                        seeded("sft", 1, 0.8, 0.04),
                        seeded("grpo", 2, 0.8, (0.3 + 0.2 + 0.1) / 3),
                        seeded("sft", 2, 0.8, (0.1 + 0.2 + 0.3) / 3),
                        seeded("grpo", 3, 0.8, 0.03)))
                .contains(
                        "These are the best of 3 seeds for GRPO and 2 for SFT: within each seed that both have, at its "
                                + "own bar, GRPO forgot less than SFT in 1 of 2, on average by 1.00 points (standard deviation "
                                + "1.41).");
    }

    /// Each seed has a base of its own; the second knew the task already.
    @Test
    void sentences_lookAtEachSeedsBase() {
        assertThat(sentences(
                        Map.of(),
                        seeded("base", 1, 0.4, 0),
                        seeded("base", 2, 0.85, 0),
                        seeded("grpo", 1, 0.8, 0.04),
                        seeded("sft", 1, 0.9, 0.06)))
                .anyMatch(sentence -> sentence.startsWith("Read this with care: the base model already scores 85.0 %"));
    }

    @Test
    void sentences_stateTheFit_andTheMeterThatPredictsBest() {
        List<Point> points = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            double noisy = i + (i % 2 == 0 ? 0.8 : -0.8);
            points.add(new Point(
                    "r", "sft", i, 0, 1e-3, 0.5, 0.5, 0.01 * i, Map.of("forward_kl", noisy, "l2", 1.0 * i), Map.of()));
        }
        assertThat(sentences(Map.of(), points.toArray(Point[]::new)))
                .anyMatch(sentence -> sentence.matches("For the most part: a quadratic in forward KL, measured on the "
                        + "new task's inputs alone, explains forgetting with R² = 0\\.91 "
                        + "\\(95 % interval 0\\.\\d\\d to [01]\\.\\d\\d\\) over 8 models of all methods\\."))
                .contains("l2 predicts it better (R² = 1.00); forward KL comes at place 2 of 2 meters.");
    }

    @Test
    void sentences_sayWhatCannotBeSaid() {
        assertThat(sentences(Map.of(), BASE)).containsExactly("No trained model has been measured yet.");
        assertThat(sentences(Map.of(), BASE, point("sft", 1, 0.9, 0.031, 2)))
                .first()
                .asString()
                .startsWith("Only SFT was measured")
                .endsWith("90.0 %, it forgot 3.1 points.");
        assertThat(sentences(Map.of(), BASE, point("sft", 1, 0.9, 0.03, 2)))
                .last()
                .asString()
                .startsWith("How well forward KL predicts forgetting cannot be said");
    }

    private static String first(Point... points) {
        return sentences(Map.of(), points).getFirst();
    }

    private static List<String> sentences(Map<String, BaseScore> scores, Point... points) {
        ReportData data = data(scores, BenchmarkErrors.NONE, points);
        return Stream.concat(Headline.forgot(data).stream(), Headline.known(data).stream())
                .toList();
    }

    private static String chance(
            Map<String, BaseScore> scores, Map<String, Map<String, Double>> errors, Point... points) {
        return Headline.forgot(data(scores, new BenchmarkErrors(errors), points))
                .get(1);
    }

    private static ReportData data(Map<String, BaseScore> scores, BenchmarkErrors errors, Point... points) {
        List<Point> list = List.of(points);
        StudyRecord study = new StudyRecord("t", "c", scores, "", Map.of());
        return new ReportData(Path.of("."), study, list, Fits.of(list), Map.of(), errors);
    }

    private static Point seeded(String method, long seed, double accuracy, double forgetting) {
        int step = method.equals("base") ? 0 : 1;
        return new Point(method + "-" + seed, method, step, seed, 1e-3, accuracy, 0.5, forgetting, Map.of(), Map.of());
    }

    private static Point point(String method, int step, double accuracy, double forgetting, double kl) {
        return new Point(method, method, step, 0, 1e-3, accuracy, 0.5, forgetting, Map.of("forward_kl", kl), Map.of());
    }
}
