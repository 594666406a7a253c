/// Scoring of many continuations at the cost of what differs between them.
@NullMarked
package dev.razor.eval.scoring;

import org.jspecify.annotations.NullMarked;
