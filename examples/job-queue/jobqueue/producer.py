"""The producer: puts jobs in, and goes on trying through an outage until each is in."""

import time

from .breaker import Breaker
from .config import Config
from .job import Job
from .resp import Redis, Refused, Unavailable
from .store import Queue


class GaveUp(Exception):
    """Redis did not come back in time; the text says how many jobs are in."""


class NotWell(Exception):
    """What the smoke tests found."""


class Producer:
    """Sends jobs over one connection, with a breaker so that it fails fast while Redis is away."""

    def __init__(self, config: Config) -> None:
        self.queue = Queue(Redis(config.redis_host, config.redis_port, config.redis_timeout_ms / 1000), config)
        self.breaker = Breaker(config.breaker_failures, config.breaker_open_ms / 1000)

    def send(self, jobs: list[Job], patience: float) -> int:
        """Puts all jobs in, each once, trying each for at most `patience` seconds. Says how many were new."""
        try:
            return sum(self._send(job, number, time.monotonic() + patience) for number, job in enumerate(jobs))
        finally:
            self.queue.redis.close()

    def _send(self, job: Job, before: int, deadline: float) -> bool:
        while True:
            try:
                if self.breaker.allows():
                    new = self.queue.enqueue(job)
                    self.breaker.success()
                    return new
            except (Unavailable, Refused) as error:
                self.breaker.failure()
                if time.monotonic() > deadline:
                    raise GaveUp(f"{before} jobs are in, then: {error}") from error
            time.sleep(max(0.02, self.breaker.remaining()))
