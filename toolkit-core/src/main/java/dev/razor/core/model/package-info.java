/// What a decoder is, and how the positions of a forward pass see each other.
@NullMarked
package dev.razor.core.model;

import org.jspecify.annotations.NullMarked;
