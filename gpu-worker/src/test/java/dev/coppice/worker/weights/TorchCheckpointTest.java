package dev.coppice.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {

    private static final int[] SHAPE = {2, 3};
    private static final int[] ROW_MAJOR = {3, 1};

    @TempDir
    Path folder;

    private Path file(PickleBytes pickle) throws IOException {
        return TorchFiles.write(
                folder.resolve("model.pt"), ZipEntry.STORED, pickle.bytes(), Map.of("0", TorchFiles.counting(6)));
    }

    private void refuses(PickleBytes pickle, String message) throws IOException {
        Path file = file(pickle);
        assertThatThrownBy(() -> Checkpoints.open(file, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith(file.toString());
    }

    private static PickleBytes dictionary() {
        return new PickleBytes().op('}');
    }

    @ParameterizedTest
    @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
    void stridesAreHonoured(int method) throws IOException {
        PickleBytes pickle = dictionary()
                .op('(')
                .text("plain")
                .tensor("FloatStorage", "0", 0, SHAPE, ROW_MAJOR)
                .text("transposed")
                .tensor("FloatStorage", "0", 0, new int[] {3, 2}, new int[] {1, 3})
                .text("column")
                .tensor("FloatStorage", "0", 1, new int[] {2}, new int[] {3})
                .text("expanded")
                .tensor("FloatStorage", "0", 5, new int[] {2, 2}, new int[] {0, 0})
                .text("empty")
                .tensor("FloatStorage", "0", 0, new int[] {0, 7}, new int[] {7, 1})
                .text("scalar")
                .tensor("FloatStorage", "0", 4, new int[0], new int[0])
                .op('u');
        Path file = TorchFiles.write(
                folder.resolve("model.pt"), method, pickle.bytes(), Map.of("0", TorchFiles.counting(6)));
        try (Checkpoint checkpoint = Checkpoints.open(file, null)) {
            assertThat(checkpoint.names())
                    .containsExactly("plain", "transposed", "column", "expanded", "empty", "scalar");
            assertThat(checkpoint.read("plain").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(checkpoint.read("transposed").toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
            assertThat(checkpoint.read("column").toFloats()).containsExactly(1, 4);
            assertThat(checkpoint.read("expanded").toFloats()).containsExactly(5, 5, 5, 5);
            assertThat(checkpoint.read("empty").toFloats()).isEmpty();
            assertThat(checkpoint.read("scalar").toFloats()).containsExactly(4);
        }
    }

    /** What Lightning saves: foreign classes beside the state_dict, with state, arguments and big numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"state_dict", "model_state_dict", "model"})
    void tensorsOfTrainingCheckpointsAreThoseOfTheModel(String key) throws IOException {
        PickleBytes pickle = dictionary()
                .op('(')
                .text("hyper_parameters")
                .named("pytorch_lightning.utilities.parsing", "AttributeDict")
                .op(')')
                .op(0x81)
                .op('}')
                .op('b')
                .text("seed")
                .op(0x8a)
                .op(9)
                .op(0xff)
                .little(-1)
                .little(0x00ff_ffff)
                .text(key)
                .named("collections", "OrderedDict")
                .op(')')
                .op('R')
                .op('(')
                .text("D")
                .named("torch._utils", "_rebuild_parameter")
                .op('(')
                .tensor("FloatStorage", "0", 0, SHAPE, ROW_MAJOR)
                .op(0x88)
                .op('}')
                .op('t')
                .op('R')
                .text("note")
                .text("no tensor")
                .op('u')
                .op('u');
        try (Checkpoint checkpoint = Checkpoints.open(file(pickle), null)) {
            assertThat(checkpoint.names()).containsExactly("D");
            assertThat(checkpoint.read("D").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    /** Files from Python's own pickler, see fixtures/torch. */
    @ParameterizedTest
    @ValueSource(strings = {"protocol2.pt", "protocol3.pt", "protocol4.pt", "protocol5.pt"})
    void everyProtocolIsRead(String name) {
        try (Checkpoint checkpoint = Checkpoints.open(Fixtures.resource("torch/" + name), null)) {
            assertThat(checkpoint.names()).containsExactly("a", "b");
            assertThat(checkpoint.read("a").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(checkpoint.info("b").shape()).containsExactly(3, 2);
            assertThat(checkpoint.read("b").toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
        }
    }

    @Test
    void anAttackByPythonsOwnPicklerIsRefused() {
        Path attack = Fixtures.resource("torch/attack.pt");
        assertThatThrownBy(() -> Checkpoints.open(attack, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("it would call posix.system when Python loads it")
                .hasMessageStartingWith(attack.toString());
        assertThat(Path.of("attacked")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "__builtin__, eval",
        "builtins, exec",
        "subprocess, Popen",
        "importlib, import_module"
    })
    void picklesThatWouldRunCodeAreRefused(String module, String name) throws IOException {
        Path trace = folder.resolve("trace");
        refuses(
                dictionary()
                        .op('(')
                        .text("a")
                        .tensor("FloatStorage", "0", 0, SHAPE, ROW_MAJOR)
                        .text("b")
                        .named(module, name)
                        .text("touch " + trace)
                        .op(0x85)
                        .op('R')
                        .op('u'),
                "it would call " + module + "." + name);
        assertThat(trace).doesNotExist();
    }

    static boolean loaded;

    /** A class whose loading would show. */
    static final class Trap {
        static {
            loaded = true;
        }
    }

    @Test
    void classesThatAPickleNamesAreNotLoaded() throws IOException {
        String outer = TorchCheckpointTest.class.getName();
        PickleBytes pickle = dictionary()
                .op('(')
                .text("a")
                .tensor("FloatStorage", "0", 0, SHAPE, ROW_MAJOR)
                .text("b")
                .named(outer + "$Trap", "")
                .op(')')
                .op('R')
                .text("c")
                .named(outer, "Trap")
                .op(')')
                .op(0x81)
                .op('u');
        try (Checkpoint checkpoint = Checkpoints.open(file(pickle), null)) {
            assertThat(checkpoint.names()).containsExactly("a");
        }
        assertThat(loaded).isFalse();
    }

    @Test
    void viewsBeyondTheirStorageAreRefused() throws IOException {
        refuses(
                one("FloatStorage", "0", 1, SHAPE, ROW_MAJOR),
                "tensor a reaches beyond its storage data/0 of 24 bytes");
        refuses(one("FloatStorage", "0", 0, SHAPE, new int[] {4, 1}), "tensor a reaches beyond its storage");
        refuses(one("DoubleStorage", "0", 0, SHAPE, ROW_MAJOR), "tensor a reaches beyond its storage");
        int[] huge = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        refuses(one("FloatStorage", "0", 0, huge, huge), "tensor a reaches beyond its storage");
        refuses(one("FloatStorage", "0", 0, huge, new int[3]), "tensor a reaches beyond its storage");
        refuses(one("FloatStorage", "1", 0, SHAPE, ROW_MAJOR), "model/data/1 is missing");
        refuses(one("FloatStorage", "../../secret", 0, SHAPE, ROW_MAJOR), "is missing from the zip file");
        refuses(one("FloatStorage", "0", -1, SHAPE, ROW_MAJOR), "tensor a is not described as torch does it");
        refuses(one("FloatStorage", "0", 0, SHAPE, new int[] {1}), "tensor a is not described as torch does it");
        refuses(one("FloatStorage", "0", 0, SHAPE, new int[] {-3, 1}), "impossible shape or stride along axis 0");
        refuses(one("FloatStorage", "0", 0, new int[40], new int[40]), "no proper shape");
        refuses(one("ComplexFloatStorage", "0", 0, SHAPE, ROW_MAJOR), "unsupported type torch.ComplexFloatStorage");
    }

    private static PickleBytes one(String type, String key, int offset, int[] shape, int[] strides) {
        return dictionary().text("a").tensor(type, key, offset, shape, strides).op('s');
    }

    @Test
    void tensorsOfOtherKindsAreNamed() throws IOException {
        refuses(
                dictionary()
                        .text("w")
                        .named("torch._utils", "_rebuild_sparse_tensor")
                        .op(')')
                        .op('R')
                        .op('s'),
                "tensor w is made by torch._utils._rebuild_sparse_tensor, which is not supported");
    }

    @Test
    void damagedPicklesAreRefused() throws IOException {
        refuses(new PickleBytes(), "takes more from its stack than there is");
        refuses(new PickleBytes().op('u'), "takes more from its stack than there is");
        refuses(new PickleBytes().op('h').op(3), "entry 3 of its memo");
        refuses(new PickleBytes().op('X').little(1 << 30), "announces 1073741824 bytes");
        refuses(new PickleBytes().op('X').little(-1), "announces 4294967295 bytes");
        refuses(new PickleBytes().op('i'), "instruction 0x69");
        refuses(new PickleBytes().op('c'), "it ends in the middle");
        refuses(dictionary(), "holds no dictionary of tensors");
        refuses(new PickleBytes().number(1), "holds no dictionary of tensors");
    }

    /** Lists within lists that double at each level, and one that contains itself: fine, as long as nobody walks them. */
    @Test
    void bombsOfReferencesAreHarmless() throws IOException {
        PickleBytes doubling = new PickleBytes().op(']');
        for (int level = 0; level < 200; level++) {
            doubling.op('2').op(0x86);
        }
        refuses(doubling, "holds no dictionary of tensors");
        refuses(dictionary().op('2').op('2').op('s'), "holds no dictionary of tensors");
        PickleBytes self = dictionary().op('q').op(0).text("a").op('h').op(0).op('s');
        refuses(self, "holds no dictionary of tensors");
        PickleBytes names = new PickleBytes().op(']');
        for (int level = 0; level < 200; level++) {
            names.op('2').op(0x86);
        }
        refuses(names.op('2').op(0x93), "names a class by something that is no text");
        PickleBytes deep = new PickleBytes();
        for (int level = 0; level < 1_000_000; level++) {
            deep.op(']');
        }
        for (int level = 1; level < 1_000_000; level++) {
            deep.op('a');
        }
        refuses(deep, "holds no dictionary of tensors");
    }

    @Test
    void zipBombsAreRefused() throws IOException {
        byte[] zeros = new byte[80 << 20];
        Path bomb = TorchFiles.write(
                folder.resolve("bomb.pt"),
                ZipEntry.DEFLATED,
                one("FloatStorage", "0", 0, new int[] {zeros.length / 4}, new int[] {1})
                        .bytes(),
                Map.of("0", zeros));
        try (Checkpoint checkpoint = Checkpoints.open(bomb, null)) {
            assertThat(checkpoint.info("a").shape()).containsExactly(zeros.length / 4);
            assertThatThrownBy(() -> checkpoint.read("a"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("model/data/0 claims 83886080 bytes out of");
        }
        Path pickleBomb = TorchFiles.write(folder.resolve("pickle.pt"), ZipEntry.DEFLATED, zeros, Map.of());
        assertThatThrownBy(() -> Checkpoints.open(pickleBomb, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model/data.pkl claims 83886080 bytes out of");
    }

    @Test
    void otherFilesAreNamedForWhatTheyAre() throws IOException {
        Path old = Files.write(folder.resolve("old.pt"), new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l'});
        assertThatThrownBy(() -> Checkpoints.open(old, null))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no torch checkpoint of version 1.6 or later");
        Path other = folder.resolve("other.pt");
        try (OutputStream out = Files.newOutputStream(other);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            TorchFiles.entry(zip, ZipEntry.STORED, "readme", new byte[3]);
        }
        assertThatThrownBy(() -> Checkpoints.open(other, null)).hasMessageContaining("without data.pkl");
        Path big = folder.resolve("big.pt");
        try (OutputStream out = Files.newOutputStream(big);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            TorchFiles.entry(zip, ZipEntry.STORED, "data.pkl", dictionary().bytes());
            TorchFiles.entry(zip, ZipEntry.STORED, "byteorder", "big".getBytes(StandardCharsets.US_ASCII));
        }
        assertThatThrownBy(() -> Checkpoints.open(big, null)).hasMessageContaining("byte order \"big\"");
    }
}
