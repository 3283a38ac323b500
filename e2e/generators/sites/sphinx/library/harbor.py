"""Keeps connections open and lends them."""

import enum


class State(enum.Enum):
    """What a pool is doing."""

    OPEN = 1
    """Borrowers are served at once."""
    DRAINING = 2
    """Borrowers are turned away."""


class Pool:
    """Lends connections to borrowers.

    ::

        pool = Pool("db:5432")
        try:
            pool.borrow()
        finally:
            pool.close()
    """

    def __init__(self, address: str, size: int = 4):
        self.address = address
        self.size = size

    def borrow(self, timeout: float = 30.0) -> "Session":
        """Takes a connection out of the reservoir.

        :param timeout: patience in seconds
        :raises TimeoutError: when nobody gave one back
        """

    def close(self) -> None:
        """Drains the reservoir and shuts every socket."""


class Session:
    """One borrowed connection."""

    def close(self) -> None:
        """Hands the borrowed connection back to its owner."""


def parse_address(text: str) -> tuple[str, int]:
    """Splits an address into host and port.

    >>> parse_address("db:5432")
    ('db', 5432)
    """
