/// The measured points of a study, one a model, and the `points.csv` they live in.
@NullMarked
package dev.razor.study.points;

import org.jspecify.annotations.NullMarked;
