package harbor;

/** Bounds of a pool. */
public interface Limits {
    /**
     * Upper bound of open sockets.
     *
     * @return a number of sockets
     */
    int size();
}
