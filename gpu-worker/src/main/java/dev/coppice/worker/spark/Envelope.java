package dev.coppice.worker.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * Messages between driver and executors as bytes. Spark reads a message where it arrives, on a thread that does not know the
 * classes of the driver jar; bytes it hands on as they are.
 */
final class Envelope {

    private Envelope() {}

    static byte[] seal(Serializable message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Object open(Object sealed) {
        try (OwnClasses in = new OwnClasses(new ByteArrayInputStream((byte[]) sealed))) {
            return in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("driver and executors run different builds of Coppice", e);
        }
    }

    /** Reads objects of this jar's classes. */
    private static final class OwnClasses extends ObjectInputStream {

        OwnClasses(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, Envelope.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description); // primitive types
            }
        }
    }
}
