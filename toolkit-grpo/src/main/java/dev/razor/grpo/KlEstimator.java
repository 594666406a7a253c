package dev.razor.grpo;

/// How the KL(policy || base) at a token is estimated from `d = log pi(y) - log pi0(y)` of the token `y` that was
/// sampled, or computed over the whole vocabulary:
///
/// ```
/// k1     d                          unbiased, can be negative
/// k2     d^2 / 2                    biased, at least 0
/// k3     exp(-d) + d - 1            unbiased, at least 0, large where the policy has left the base's tokens
/// exact  sum_v pi(v) (log pi(v) - log pi0(v))
/// ```
///
/// What a value estimates and where its gradient points are two things. With `y` drawn from the policy, the
/// expectation of the derivative (of the term by the policy's weights, the sample held fixed), prefix by prefix:
///
/// ```
/// in the loss     k1     E[grad log pi(y)] = 0                        no pull at all
///                 k2     E[d grad log pi(y)] = grad KL(pi || pi0)     the reverse KL, exactly
///                 k3     E[(1 - pi0/pi) grad log pi(y)] = grad KL(pi0 || pi)      the forward KL
///                 exact  grad KL(pi || pi0), without sampling noise at the token
/// ```
///
/// In the loss, all of them hold the sampled prefixes fixed: what a token does to the KL of later ones is left
/// out. In the reward a completion loses `beta` times the sum of its values, and the policy gradient sees the
/// whole completion:
///
/// ```
/// in the reward   k1     E[sum d  grad log pi(completion)] = grad KL(pi || pi0) of whole completions
///                 exact  E[sum KL_t  grad log pi(completion)] + E[sum grad KL_t] = the same, with less noise
///                 k2, k3 the values are held fixed where the policy changes them: biased
/// ```
///
/// `KL_t` depends on the prefix alone, so as a reward it tells nothing of the token that follows it; the second
/// expectation is that token's part, which the loss adds.
///
/// `k1` in the loss is what some trainers have, and is warned of. Values are those of Schulman's note; the
/// gradients are checked by enumeration in `KlEstimatorTest`; see also arXiv 2512.21852.
///
/// @see <a href="http://joschu.net/blog/kl-approx.html">Schulman 2020, Approximating KL divergence</a>
public enum KlEstimator {
    K1,
    K2,
    K3,
    EXACT;

    /// The estimate from one token.
    ///
    /// @param d log-probability under the policy minus that under the base, in nats
    double value(double d) {
        return switch (this) {
            case K1 -> d;
            case K2 -> d * d / 2;
            case K3 -> Math.expm1(-d) + d;
            case EXACT -> throw new IllegalStateException("exact needs the whole distribution");
        };
    }

    /// Its derivative by the policy's log-probability.
    double slope(double d) {
        return switch (this) {
            case K1 -> 1;
            case K2 -> d;
            case K3 -> -Math.expm1(-d);
            case EXACT -> throw new IllegalStateException("exact needs the whole distribution");
        };
    }
}
