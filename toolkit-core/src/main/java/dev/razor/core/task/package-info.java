/// The study's three tasks: prompts and answers from the data sets' own files, cut into training, validation and
/// test records that SFT, GRPO and evaluation share.
@NullMarked
package dev.razor.core.task;

import org.jspecify.annotations.NullMarked;
