/// How fast this machine trains and decodes with a model of a given shape.
@NullMarked
package dev.razor.core.bench;

import org.jspecify.annotations.NullMarked;
