/// Safetensors files, mapped for reading and published whole; Hugging Face model directories.
@NullMarked
package dev.razor.core.checkpoint;

import org.jspecify.annotations.NullMarked;
