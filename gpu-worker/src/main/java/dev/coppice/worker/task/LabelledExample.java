package dev.coppice.worker.task;

import dev.coppice.worker.input.Input;

/**
 * One example.
 *
 * @param index number in the data, from 0
 * @param input what the model sees
 * @param label its class, from 0
 */
public record LabelledExample(int index, Input input, int label) {}
