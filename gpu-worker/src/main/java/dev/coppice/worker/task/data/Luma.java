package dev.coppice.worker.task.data;

/**
 * Grey values of colours, as Pillow's mode L and so torchvision's Grayscale have them: ITU-R BT.601 luma,
 * L = 0.299 R + 0.587 G + 0.114 B, in Pillow's 16-bit fixed point, rounded half up.
 */
public final class Luma {

    private static final int RED = 19595; // 0.299 * 2^16
    private static final int GREEN = 38470; // 0.587 * 2^16
    private static final int BLUE = 7471; // 0.114 * 2^16
    private static final int HALF = 1 << 15;

    private Luma() {}

    /**
     * The grey value of a colour.
     *
     * @param red 0 to 255
     * @param green 0 to 255
     * @param blue 0 to 255
     * @return 0 to 255, as an unsigned byte
     */
    public static byte grey(int red, int green, int blue) {
        return (byte) ((RED * red + GREEN * green + BLUE * blue + HALF) >> 16);
    }
}
