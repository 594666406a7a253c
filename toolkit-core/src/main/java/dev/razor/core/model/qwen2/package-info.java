/// The Qwen2 family (Qwen2, Qwen2.5).
@NullMarked
package dev.razor.core.model.qwen2;

import org.jspecify.annotations.NullMarked;
