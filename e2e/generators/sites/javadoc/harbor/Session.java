package harbor;

/** One borrowed connection. */
public class Session implements AutoCloseable {
    Session() {}

    /** Hands the borrowed connection back to its owner. */
    @Override
    public void close() {}
}
