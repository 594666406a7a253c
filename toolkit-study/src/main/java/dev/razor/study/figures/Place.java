package dev.razor.study.figures;

/// A place in a plot, in the units of its axes.
///
/// @param point the index of the point it stands for, in the study's list; [#NONE] where it stands for none
public record Place(double x, double y, int point) {

    static final int NONE = -1;

    Place(double x, double y) {
        this(x, y, NONE);
    }
}
