/// How far two models lie apart: divergences of what they say next, at given prefixes or at prefixes that one
/// samples.
@NullMarked
package dev.razor.eval.kl;

import org.jspecify.annotations.NullMarked;
