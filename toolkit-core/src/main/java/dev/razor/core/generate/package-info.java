/// Decoding by continuous batching over a key/value cache, greedy or sampled.
@NullMarked
package dev.razor.core.generate;

import org.jspecify.annotations.NullMarked;
