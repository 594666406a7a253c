/// What the points say: quadratic fits with their uncertainty, Pareto fronts, comparison at matched accuracy.
@NullMarked
package dev.razor.study.fit;

import org.jspecify.annotations.NullMarked;
