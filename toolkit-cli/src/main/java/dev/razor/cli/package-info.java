/// The `razor` command line: one class a command; parse, load, call, print.
@NullMarked
package dev.razor.cli;

import org.jspecify.annotations.NullMarked;
