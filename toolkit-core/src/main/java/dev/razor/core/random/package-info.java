/// Seeds and draws that depend on nothing but their names.
@NullMarked
package dev.razor.core.random;

import org.jspecify.annotations.NullMarked;
