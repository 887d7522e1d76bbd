package dev.coppice.results.store;

import com.jerolba.carpet.CarpetParquetWriter;
import com.jerolba.carpet.ColumnNamingStrategy;
import com.jerolba.carpet.FieldMatchingStrategy;
import com.jerolba.carpet.TimeUnit;
import com.jerolba.carpet.impl.read.CarpetReadConfiguration;
import com.jerolba.carpet.impl.read.CarpetReadSupport;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;

/**
 * Java records to Parquet and back: a component {@code jobId} is the column {@code job_id}, an Instant a UTC timestamp in
 * microseconds. Columns that the record does not have are passed over, components without a column are null.
 *
 * <p>Pages are not compressed: dictionaries already take out what repeats, and codecs pull in Hadoop's settings and native
 * libraries, a third of a second at each start.
 */
final class ParquetRecords {

    /** Without Hadoop's settings, which would be read again for each file. */
    private static final PlainParquetConfiguration PLAIN = new PlainParquetConfiguration();

    private ParquetRecords() {}

    /** A file of one record: no dictionaries and no statistics, which only help a reader of many rows. */
    static <T> byte[] encodeOne(Class<T> type, T record) throws IOException {
        MemoryOutputFile file = new MemoryOutputFile();
        try (ParquetWriter<T> writer = writer(file, type)
                .withDictionaryEncoding(false)
                .withStatisticsEnabled(false)
                .withSizeStatisticsEnabled(false)
                .withPageSize(1024)
                .build()) {
            writer.write(record);
        }
        return file.toByteArray();
    }

    /** A file of many records. */
    static <T> byte[] encode(Class<T> type, List<T> records) throws IOException {
        MemoryOutputFile file = new MemoryOutputFile();
        try (ParquetWriter<T> writer = writer(file, type).build()) {
            for (T record : records) {
                writer.write(record);
            }
        }
        return file.toByteArray();
    }

    private static <T> CarpetParquetWriter.Builder<T> writer(MemoryOutputFile file, Class<T> type) {
        return CarpetParquetWriter.builder(file, type)
                .withColumnNamingStrategy(ColumnNamingStrategy.SNAKE_CASE)
                .withDefaultTimeUnit(TimeUnit.MICROS)
                .withConf(PLAIN)
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
    }

    /** Gives each record of {@code file} to {@code consumer}; only the columns of {@code type} are read. */
    static <T> void read(InputFile file, Class<T> type, Consumer<T> consumer) throws IOException {
        try (ParquetReader<T> reader = new Reader<>(file, type).build()) {
            for (T record = reader.read(); record != null; record = reader.read()) {
                consumer.accept(record);
            }
        }
    }

    /** Carpet's own builder always asks for Hadoop's settings. */
    private static final class Reader<T> extends ParquetReader.Builder<T> {

        private final Class<T> type;

        Reader(InputFile file, Class<T> type) {
            super(file, PLAIN);
            this.type = type;
        }

        @Override
        protected ReadSupport<T> getReadSupport() {
            return new CarpetReadSupport<>(
                    type, new CarpetReadConfiguration(false, true, true, FieldMatchingStrategy.SNAKE_CASE));
        }
    }
}
