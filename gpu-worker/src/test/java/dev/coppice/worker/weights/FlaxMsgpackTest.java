package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlaxMsgpackTest {

    @TempDir
    Path folder;

    private Path file(FlaxFiles.Content content) throws IOException {
        return Files.write(folder.resolve("weights.msgpack"), FlaxFiles.bytes(content));
    }

    private void refuses(FlaxFiles.Content content, String message) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> Checkpoints.open(file, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith(file.toString());
    }

    /** A training state: what is no array is passed over. */
    @Test
    void arraysAreNamedByTheirPath() throws IOException {
        Path file = file(packer -> {
            packer.packMapHeader(5);
            packer.packString("step").packLong(1L << 40);
            packer.packString("note").packString("x");
            packer.packString("rate").packDouble(0.5);
            byte[] scalar =
                    FlaxFiles.bytes(inner -> inner.packArrayHeader(2).packInt(1).packInt(2));
            packer.packString("complex").packExtensionTypeHeader((byte) 2, scalar.length);
            packer.writePayload(scalar);
            packer.packString("params").packMapHeader(2);
            packer.packString("empty").packMapHeader(0);
            packer.packString("D");
            FlaxFiles.array(packer, "float32", new int[] {3}, TorchFiles.counting(3), 12);
        });
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            assertThat(checkpoint.names()).containsExactly("params/D");
            assertThat(checkpoint.read("params/D").toFloats()).containsExactly(0, 1, 2);
        }
    }

    /** Flax cuts arrays of over 1 GiB into flat pieces. */
    @Test
    void arraysInPiecesAreJoined() throws IOException {
        Path file = file(packer -> {
            packer.packMapHeader(1).packString("params").packMapHeader(1);
            packer.packString("w").packMapHeader(3);
            packer.packString("__msgpack_chunked_array__").packBoolean(true);
            packer.packString("shape").packMapHeader(2);
            packer.packString("0").packInt(2).packString("1").packInt(3);
            packer.packString("chunks").packMapHeader(2);
            packer.packString("0");
            FlaxFiles.array(packer, "float32", new int[] {4}, TorchFiles.counting(4), 16);
            packer.packString("1");
            FlaxFiles.array(packer, "float32", new int[] {2}, TorchFiles.counting(2), 8);
        });
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            assertThat(checkpoint.names()).containsExactly("params/w");
            assertThat(checkpoint.info("params/w").shape()).containsExactly(2, 3);
            assertThat(checkpoint.read("params/w").toFloats()).containsExactly(0, 1, 2, 3, 0, 1);
        }
    }

    @Test
    void piecesThatDoNotMakeTheWholeAreRefused() throws IOException {
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("w").packMapHeader(2);
                    packer.packString("shape").packMapHeader(1).packString("0").packInt(9);
                    packer.packString("chunks").packMapHeader(1).packString("0");
                    FlaxFiles.array(packer, "float32", new int[] {4}, TorchFiles.counting(4), 16);
                },
                "the pieces of w have 16 bytes");
    }

    @Test
    void claimsBeyondTheFileAreRefusedBeforeAnythingIsAllocated() throws IOException {
        int[] huge = {1 << 29};
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("w");
                    FlaxFiles.array(packer, "int8", new int[] {2_000_000_000}, new byte[4], 2_000_000_000);
                },
                "w has 2000000000 bytes, but 4 are left: the file is cut off");
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("w");
                    FlaxFiles.array(packer, "float32", huge, new byte[4], 4);
                },
                "w has 4 bytes where its shape and dtype need 2147483648");
        refuses(packer -> packer.packMapHeader(2_000_000_000), "no flax checkpoint, or cut off");
        refuses(packer -> packer.packMapHeader(1).packRawStringHeader(2_000_000_000), "no flax checkpoint, or cut off");
    }

    @Test
    void wrongArraysAreNamed() throws IOException {
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("w");
                    FlaxFiles.array(packer, "complex64", new int[] {1}, new byte[8], 8);
                },
                "w has the unsupported dtype complex64");
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("w");
                    FlaxFiles.array(packer, "float32", new int[] {-1}, new byte[4], 4);
                },
                "w has a negative axis, -1");
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("w");
                    FlaxFiles.array(packer, "float32", new int[33], new byte[0], 0);
                },
                "w has 33 axes");
        refuses(
                packer -> packer.packMapHeader(1).packString("w").packExtensionTypeHeader((byte) 9, 0),
                "w is of extension type 9");
        refuses(
                packer -> {
                    packer.packMapHeader(2);
                    for (int i = 0; i < 2; i++) {
                        packer.packString("w");
                        FlaxFiles.array(packer, "float32", new int[0], new byte[4], 4);
                    }
                },
                "has two tensors called w");
    }

    @Test
    void treesThatAreNoneAreRefused() throws IOException {
        refuses(packer -> {}, "the file is empty or cut off at its start");
        refuses(packer -> packer.packInt(3), "no flax checkpoint");
        refuses(packer -> packer.packMapHeader(0).packInt(3), "bytes follow after the variable tree");
        refuses(
                packer -> {
                    for (int level = 0; level < 100_000; level++) {
                        packer.packMapHeader(1).packString("a");
                    }
                },
                "nested deeper than 64");
        refuses(
                packer -> {
                    packer.packMapHeader(1).packString("a");
                    for (int level = 0; level < 1_000_000; level++) {
                        packer.packArrayHeader(1);
                    }
                },
                "cut off");
    }
}
