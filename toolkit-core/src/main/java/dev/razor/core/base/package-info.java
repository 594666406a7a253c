/// Argument checks and the exceptions that stand for a user's mistakes; depends on nothing.
@NullMarked
package dev.razor.core.base;

import org.jspecify.annotations.NullMarked;
