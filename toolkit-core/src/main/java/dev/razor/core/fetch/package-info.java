/// Downloads what `models.lock` names: resumed, verified, published whole.
@NullMarked
package dev.razor.core.fetch;

import org.jspecify.annotations.NullMarked;
