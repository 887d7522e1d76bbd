package dev.coppice.worker.task.classify;

import dev.coppice.worker.input.InputSpec;
import dev.coppice.worker.input.Text;
import dev.coppice.worker.task.ExampleReader;
import dev.coppice.worker.task.ExampleSource;
import dev.coppice.worker.task.LabelledExample;
import dev.coppice.worker.task.data.DataErrors;
import dev.coppice.worker.task.data.DataFile;
import dev.coppice.worker.task.data.DataPath;
import dev.coppice.worker.task.data.TextFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reviews as aclImdb holds them: pos/ID_RATING.txt and neg/ID_RATING.txt, a file a review.
 *
 * @param reviews by ID, the negative one of an ID first, so that the first N of them are of both classes
 */
record ReviewFolders(List<Review> reviews) implements ExampleSource {

    /** The longest review of aclImdb has 14 kB. */
    private static final int MAX_BYTES = 16 << 20;

    ReviewFolders {
        reviews = List.copyOf(reviews);
    }

    /**
     * A file and what its folder and name say.
     *
     * @param id number at the start of the name
     */
    record Review(long id, int label, DataFile file) {}

    static ReviewFolders find(DataPath folder) {
        List<Review> reviews = new ArrayList<>();
        add(folder.child("neg"), Reviews.NEGATIVE, reviews);
        add(folder.child("pos"), Reviews.POSITIVE, reviews);
        if (reviews.isEmpty()) {
            throw DataErrors.at(folder.path(), "no *.txt in pos and neg", "a file a review", "unpack aclImdb again");
        }
        reviews.sort(Comparator.comparingLong(Review::id).thenComparingInt(Review::label));
        return new ReviewFolders(reviews);
    }

    @Override
    public InputSpec inputs() {
        return Reviews.DEFINITION.inputs();
    }

    @Override
    public List<DataFile> files() {
        return reviews.stream().map(Review::file).toList();
    }

    @Override
    public int count() {
        return reviews.size();
    }

    @Override
    public ExampleReader open() {
        return new Reader(reviews);
    }

    private static void add(DataPath folder, int label, List<Review> reviews) {
        for (DataFile file : folder.files(file -> file.plainName().endsWith(".txt"))) {
            String id = file.name().replaceFirst("\\D.*", "");
            if (id.isEmpty() || id.length() > 18) {
                throw DataErrors.at(file.path(), "this name", "ID_RATING.txt", "remove what is not a review");
            }
            reviews.add(new Review(Long.parseLong(id), label, file));
        }
    }

    private static final class Reader implements ExampleReader {

        private final List<Review> reviews;
        private int index;

        Reader(List<Review> reviews) {
            this.reviews = reviews;
        }

        @Override
        public @Nullable LabelledExample next() {
            if (index == reviews.size()) {
                return null;
            }
            Review review = reviews.get(index);
            return new LabelledExample(index++, new Text(TextFile.read(review.file(), MAX_BYTES)), review.label());
        }

        /** Each review's file is closed as soon as it is read. */
        @Override
        public void close() {
            index = reviews.size();
        }
    }
}
