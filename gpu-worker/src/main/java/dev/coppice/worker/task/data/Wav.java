package dev.coppice.worker.task.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sound of a WAV file: PCM, 16 bits, one channel. */
public final class Wav {

    /** Minutes of sound; a word takes 32 KB. */
    private static final int MAX_BYTES = 8 << 20;

    private static final int RIFF = 0x46464952; // "RIFF" as a little-endian number
    private static final int WAVE = 0x45564157;
    private static final int FORMAT = 0x20746d66;
    private static final int DATA = 0x61746164;
    private static final int HEAD_BYTES = 12;
    private static final int CHUNK_HEAD_BYTES = 8;
    private static final int FORMAT_BYTES = 16;
    private static final int PCM = 1;
    private static final String EXPECTED = "PCM of 16 bits, one channel, ";

    private Wav() {}

    /**
     * The samples of a file.
     *
     * @param samplesPerSecond what the file must say
     * @return (steps)
     * @throws dev.coppice.worker.task.DataException when it is no such file or not complete
     */
    public static short[] read(DataFile file, int samplesPerSecond) {
        byte[] bytes;
        try (ByteReader reader = file.open()) {
            bytes = reader.rest(MAX_BYTES);
        }
        return decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), file.path(), samplesPerSecond);
    }

    private static short[] decode(ByteBuffer bytes, String place, int samplesPerSecond) {
        if (bytes.remaining() < HEAD_BYTES || bytes.getInt(0) != RIFF || bytes.getInt(8) != WAVE) {
            throw DataErrors.at(place, "no RIFF head of kind WAVE", "a WAV file", "fetch the file again");
        }
        bytes.position(HEAD_BYTES);
        boolean described = false;
        while (bytes.remaining() >= CHUNK_HEAD_BYTES) {
            int kind = bytes.getInt();
            long length = Integer.toUnsignedLong(bytes.getInt());
            if (length > bytes.remaining()) {
                throw DataErrors.at(
                        place,
                        "the end of the file after " + bytes.remaining() + " bytes of a chunk of " + length,
                        "the whole chunk",
                        "fetch the file again");
            }
            ByteBuffer chunk = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
            if (kind == FORMAT) {
                check(chunk, place, samplesPerSecond);
                described = true;
            } else if (kind == DATA) {
                if (!described) {
                    throw DataErrors.at(place, "samples before their format", "the chunk fmt first", "save it again");
                }
                return samples(chunk, place);
            }
            long next = bytes.position() + length + length % 2; // chunks begin at even bytes
            bytes.position((int) Math.min(next, bytes.limit()));
        }
        throw DataErrors.at(place, "no chunk of samples", "the chunks fmt and data", "fetch the file again");
    }

    private static void check(ByteBuffer format, String place, int samplesPerSecond) {
        if (format.remaining() < FORMAT_BYTES) {
            throw DataErrors.at(
                    place, "a format of " + format.remaining() + " bytes", "at least " + FORMAT_BYTES, "save it again");
        }
        int encoding = Short.toUnsignedInt(format.getShort(0));
        int channels = Short.toUnsignedInt(format.getShort(2));
        long rate = Integer.toUnsignedLong(format.getInt(4));
        int bits = Short.toUnsignedInt(format.getShort(14));
        if (encoding != PCM || channels != 1 || bits != Short.SIZE || rate != samplesPerSecond) {
            throw DataErrors.at(
                    place,
                    "encoding " + encoding + " of " + bits + " bits, channels " + channels + ", " + rate
                            + " samples a second",
                    EXPECTED + samplesPerSecond + " samples a second",
                    "convert the file, or check that the data belongs to this task");
        }
    }

    private static short[] samples(ByteBuffer data, String place) {
        if (data.remaining() % Short.BYTES != 0) {
            throw DataErrors.at(
                    place, data.remaining() + " bytes of samples", "two bytes a sample", "fetch the file again");
        }
        short[] samples = new short[data.remaining() / Short.BYTES];
        data.asShortBuffer().get(samples);
        return samples;
    }
}
