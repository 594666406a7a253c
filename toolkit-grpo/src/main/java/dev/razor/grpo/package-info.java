/// Group relative policy optimisation: rollouts, rewards, advantages, losses.
@NullMarked
package dev.razor.grpo;

import org.jspecify.annotations.NullMarked;
