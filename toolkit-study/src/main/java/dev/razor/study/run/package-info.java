/// Runs a study: plans its training runs, makes them one by one, measures every checkpoint, and picks up where an
/// interrupted study stopped.
@NullMarked
package dev.razor.study.run;

import org.jspecify.annotations.NullMarked;
