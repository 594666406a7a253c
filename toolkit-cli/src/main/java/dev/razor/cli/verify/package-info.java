/// `razor verify`: what this build computes on this machine against the numbers of a golden directory, one file a
/// family of numbers.
///
/// Start reading at `Verification`. The form of a golden directory is described in `golden/README.md`.
@NullMarked
package dev.razor.cli.verify;

import org.jspecify.annotations.NullMarked;
