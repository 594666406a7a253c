package dev.razor.study.paritymnist;

import dev.razor.study.paritymnist.ParityConfig.Kind;
import java.util.List;
import java.util.Optional;

/// What the paper and its public replication published, to stand beside our numbers.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, table 1 and figure 3</a>
/// @see <a href="https://github.com/SakanaAI/rl-razor-mnist">the replication, of seed 42</a>
final class PaperNumbers {

    private PaperNumbers() {}

    /// R² of the parabola of forgetting on a distance.
    ///
    /// @param meter our name of it; empty where ours does not have it
    /// @param replication on the new task's images
    /// @param oldReplication on the old task's, where the distance depends on images
    record Predictor(String variable, String meter, String paper, String replication, String oldReplication) {}

    static final List<Predictor> PREDICTORS = List.of(
            new Predictor("KL, forward", "forward_kl", "0.96 ± 0.01", "0.94", "0.92"),
            new Predictor("KL, forward, unclamped", "forward_kl_unclamped", "", "", ""),
            new Predictor("KL, reverse", "reverse_kl", "0.93 ± 0.01", "0.90", "0.98"),
            new Predictor("Total variation", "total_variation", "0.80 ± 0.01", "0.88", "0.99"),
            new Predictor("Distribution change, L2", "l2", "0.56 ± 0.02", "0.85", "0.99"),
            new Predictor("Jensen-Shannon", "jensen_shannon", "", "", ""),
            new Predictor("Weight change, L1", "weight_l1", "0.34 ± 0.02", "0.32", ""),
            new Predictor("Weight change, Fisher-weighted L2", "weight_fisher_l2", "0.58 ± 0.02", "0.10", ""),
            new Predictor("Weight change, spectral norm", "weight_spectral", "0.58 ± 0.02", "0.31", ""),
            new Predictor("Activation change, L1", "activation_l1", "0.52 ± 0.02", "0.73", "0.84"),
            new Predictor("Activation change, L2", "activation_l2", "0.55 ± 0.02", "0.73", "0.83"));

    /// The last point of a method's curve in figure 3, read off the plot to about 0.01 in accuracy.
    record End(String parity, String fashion, String kl) {}

    /// That of the base model.
    static final End START = new End("0.88", "0.685", "0");

    /// That of a method, where the figure has it.
    static Optional<End> end(Kind kind, double beta) {
        return switch (kind) {
            case SFT1 -> Optional.of(new End("0.986", "0.18", "10"));
            case SFT2 -> Optional.of(new End("0.987", "0.26", "5.8"));
            case GRPO -> Optional.of(beta == 0 ? new End("0.978", "0.39", "3.7") : new End("0.978", "0.60", "1.1"));
            case ORACLE -> Optional.of(new End("0.987", "0.54", "0.6"));
            case REINFORCE, TEACHER -> Optional.empty();
        };
    }
}
