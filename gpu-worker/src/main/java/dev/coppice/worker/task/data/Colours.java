package dev.coppice.worker.task.data;

/** What a pixel of a decoded picture holds. */
public enum Colours {
    /** One value, from 0 (black) to 255 (white). */
    GREY(1),
    /** Red, green and blue, from 0 to 255 each. */
    RGB(3);

    private final int channels;

    Colours(int channels) {
        this.channels = channels;
    }

    /** Values of a pixel. */
    public int channels() {
        return channels;
    }
}
