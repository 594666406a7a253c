/// What `razor doctor` looks at: one class a part of the machine, each of which gives findings.
@NullMarked
package dev.razor.cli.doctor;

import org.jspecify.annotations.NullMarked;
