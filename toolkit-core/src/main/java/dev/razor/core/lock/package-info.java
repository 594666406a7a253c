/// `models.lock`: models and data sets by name, where they come from and what their bytes must be.
@NullMarked
package dev.razor.core.lock;

import org.jspecify.annotations.NullMarked;
