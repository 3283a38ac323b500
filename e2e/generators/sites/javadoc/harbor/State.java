package harbor;

/** What a pool is doing. */
public enum State {
    /** Borrowers are served at once. */
    OPEN,
    /** Borrowers are turned away. */
    DRAINING
}
