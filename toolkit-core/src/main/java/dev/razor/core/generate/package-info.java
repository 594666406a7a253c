/// Decoding: batches of prompts with a key/value cache, greedy or sampled.
@NullMarked
package dev.razor.core.generate;

import org.jspecify.annotations.NullMarked;
