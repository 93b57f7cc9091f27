"""A circuit breaker: after some failures in a row nothing is tried for a while, then one try decides."""

import time
from collections.abc import Callable


class Breaker:
    """Closed, open or half-open. It counts how often it opened and closed again."""

    def __init__(self, failures: int, open_for: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Opens after `failures` in a row, for `open_for` seconds."""
        self.limit, self.open_for, self.clock = failures, open_for, clock
        self.failed = 0
        self.opened_at: float | None = None
        self.opened = self.closed = 0

    @property
    def state(self) -> str:
        """What it is now: `closed`, `open` or `half-open`."""
        if self.opened_at is None:
            return "closed"
        return "half-open" if self.clock() - self.opened_at >= self.open_for else "open"

    def allows(self) -> bool:
        """Whether a try may be made: not while it is open."""
        return self.state != "open"

    def remaining(self) -> float:
        """Seconds until a try may be made."""
        return 0.0 if self.opened_at is None else max(0.0, self.opened_at + self.open_for - self.clock())

    def success(self) -> None:
        """A try went well: closed."""
        if self.opened_at is not None:
            self.closed += 1
        self.failed, self.opened_at = 0, None

    def failure(self) -> None:
        """A try failed: opens at the limit, and at once when half-open."""
        self.failed += 1
        if self.failed >= self.limit:
            self.opened += self.opened_at is None
            self.opened_at = self.clock()
