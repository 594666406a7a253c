/// What surrounds a run: its output directory, metrics, provenance and progress; files that appear whole or not
/// at all.
@NullMarked
package dev.razor.core.run;

import org.jspecify.annotations.NullMarked;
