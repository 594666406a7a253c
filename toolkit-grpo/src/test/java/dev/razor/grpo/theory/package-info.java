/// What on-policy learning converges to where every expectation can be computed: docs/theory.md.
@NullMarked
package dev.razor.grpo.theory;

import org.jspecify.annotations.NullMarked;
