/// What the tests of all modules share: golden numbers, tiny models.
@NullMarked
package dev.razor.core.testing;

import org.jspecify.annotations.NullMarked;
