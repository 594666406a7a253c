package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;

/// A prompt that needs a label.
///
/// @param prompt its place in the data, from 0
/// @param record the prompt, and what the reward reads
record LabelTask(int prompt, JsonRecord record) {}
