/// Tests of the quick-start study's generated world.
@NullMarked
package dev.razor.study.quickstart;

import org.jspecify.annotations.NullMarked;
