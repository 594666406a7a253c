package dev.razor.eval;

import dev.razor.core.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/// What a benchmark reports of one document, between 0 and 1; a task's score is the mean over its documents.
///
/// ```
/// acc       = argmax_i ll_i                  is right
/// acc_norm  = argmax_i ll_i / characters_i   is right
/// acc_bytes = argmax_i ll_i / bytes_i        is right
/// mass      = sum_{i right} exp(ll_i) / sum_i exp(ll_i)
/// ```
///
/// `ll_i` is the log-likelihood of choice i, `characters_i` its length in code points and `bytes_i` in UTF-8,
/// both without the space before it. Of equals the first wins.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/api/task.py">
///     `process_results`</a>
public enum Metric {
    ACCURACY("acc"),
    ACCURACY_BY_CHARACTERS("acc_norm"),
    ACCURACY_BY_BYTES("acc_bytes"),

    /// The share of probability that lies on right answers: TruthfulQA's mc2, which the harness too reports as
    /// `acc`.
    ///
    /// The harness exponentiates the log-likelihoods as they are, and gives NaN when all underflow. Here
    /// the largest is subtracted first.
    MASS_ON_RIGHT("acc");

    private final String key;

    Metric(String key) {
        this.key = key;
    }

    /// The name in result files.
    public String key() {
        return key;
    }

    /// This metric of a document whose choices have the log-likelihoods `sums`.
    public double of(Document document, List<Double> sums) {
        Check.that(
                sums.size() == document.choices().size(),
                "%s choices need as many log-likelihoods, got %s",
                document.choices().size(),
                sums.size());
        return switch (this) {
            case ACCURACY, ACCURACY_BY_CHARACTERS, ACCURACY_BY_BYTES ->
                document.gold().contains(prediction(document, sums)) ? 1 : 0;
            case MASS_ON_RIGHT -> massOnRight(document, sums);
        };
    }

    /// The index of the choice that this metric takes for the model's answer.
    public int prediction(Document document, List<Double> sums) {
        List<Choice> choices = document.choices();
        return switch (this) {
            case ACCURACY, MASS_ON_RIGHT -> argmax(sums.size(), sums::get);
            case ACCURACY_BY_CHARACTERS ->
                argmax(sums.size(), i -> sums.get(i) / choices.get(i).characters());
            case ACCURACY_BY_BYTES ->
                argmax(sums.size(), i -> sums.get(i) / choices.get(i).text().getBytes(StandardCharsets.UTF_8).length);
        };
    }

    private static double massOnRight(Document document, List<Double> sums) {
        double largest = sums.get(argmax(sums.size(), sums::get));
        double right = 0;
        double all = 0;
        for (int i = 0; i < sums.size(); i++) {
            double share = Math.exp(sums.get(i) - largest);
            all += share;
            if (document.gold().contains(i)) {
                right += share;
            }
        }
        return right / all;
    }

    private static int argmax(int count, IntToDoubleFunction value) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (value.applyAsDouble(i) > value.applyAsDouble(best)) {
                best = i;
            }
        }
        return best;
    }
}
