/// Programs that answer questions, one JSON object a line, and cannot stall whoever asks: each question has a
/// time limit, and a program that breaks it is killed with all that it started.
@NullMarked
package dev.razor.core.reward.process;

import org.jspecify.annotations.NullMarked;
