/// The verifiable instructions of IFEval and how each is checked.
@NullMarked
package dev.razor.eval.ifeval;

import org.jspecify.annotations.NullMarked;
