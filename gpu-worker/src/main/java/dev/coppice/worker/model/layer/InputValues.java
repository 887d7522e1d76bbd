package dev.coppice.worker.model.layer;

/** What the values of a continuous input are. */
enum InputValues {
    PIXELS,
    SAMPLES
}
