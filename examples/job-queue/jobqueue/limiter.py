"""A rate limiter over a sliding window that sleeps exactly as long as it must, and a little jitter."""

import random
import time
from collections import deque
from collections.abc import Callable


class Limiter:
    """At most `jobs` starts in any `window` seconds. Jitter keeps many workers from waking together."""

    def __init__(self, jobs: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.jobs, self.window, self.clock = jobs, window, clock
        self.starts: deque[float] = deque()
        self.jitter = 0.0
        self.chance = random.Random()

    def delay(self) -> float:
        """Seconds until the next start is allowed: 0 while the window has room."""
        now = self.clock()
        while self.starts and now - self.starts[0] >= self.window:
            self.starts.popleft()
        if len(self.starts) < self.jobs:
            return 0.0
        # Precise: up to the very moment at which the oldest start leaves the window.
        return self.starts[0] + self.window - now + self.chance.uniform(0, self.jitter)

    def start(self) -> None:
        """Counts one start."""
        self.starts.append(self.clock())
