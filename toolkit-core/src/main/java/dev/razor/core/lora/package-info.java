/// Low-rank adapters: which layers have one, and PEFT's files of them.
@NullMarked
package dev.razor.core.lora;

import org.jspecify.annotations.NullMarked;
