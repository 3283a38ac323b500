/** @file
 *  @brief Keeps connections open and lends them.
 */
#pragma once
#include <string>

/// Keeps connections open.
namespace harbor {

/// What a pool is doing.
enum class State {
    Open,     ///< Borrowers are served at once.
    Draining, ///< Borrowers are turned away.
};

/// Bounds of a pool.
struct Limits {
    int size; ///< Upper bound of open sockets.
};

/// One borrowed connection.
class Session {
public:
    /// Hands the borrowed connection back to its owner.
    void close();
};

/**
 * Lends connections to borrowers.
 *
 * @code{.cpp}
 * harbor::Pool pool("db:5432");
 * if (pool.ready()) {
 *     pool.borrow(30);
 * }
 * pool.close();
 * @endcode
 */
class Pool {
public:
    /// Opens no socket before it is needed.
    explicit Pool(std::string address);

    /// Tells whether a socket is open.
    bool ready() const;

    /**
     * Takes a connection out of the reservoir.
     * @param timeout patience in seconds
     * @return a session that must be closed
     */
    Session borrow(int timeout);

    /// Drains the reservoir and shuts every socket.
    void close();
};

/**
 * Splits an address into host and port.
 * @param text such as `db:5432`
 */
int parse_address(const std::string& text);

} // namespace harbor
