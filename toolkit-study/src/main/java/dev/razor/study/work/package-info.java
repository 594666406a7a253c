/// A study's work in units whose state is on disk: what is done is not done again, what fails stops nothing else.
@NullMarked
package dev.razor.study.work;

import org.jspecify.annotations.NullMarked;
