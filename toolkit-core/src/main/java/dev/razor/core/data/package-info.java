/// Records of training, prompt and benchmark files.
@NullMarked
package dev.razor.core.data;

import org.jspecify.annotations.NullMarked;
