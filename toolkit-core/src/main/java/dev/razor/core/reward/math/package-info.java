/// Whether two answers to a question of mathematics are the same: LaTeX read by a grammar of our own, numbers by
/// Apfloat.
///
/// Nothing here runs text as code: what the grammar does not know is compared letter by letter.
@NullMarked
package dev.razor.core.reward.math;

import org.jspecify.annotations.NullMarked;
