/// The generated world of the quick-start study: a made-up text corpus that teaches a tiny model several skills
/// and one task with many right answers, and the study's data about them. Text only; the same seed gives the
/// same bytes on every machine.
@NullMarked
package dev.razor.study.quickstart;

import org.jspecify.annotations.NullMarked;
