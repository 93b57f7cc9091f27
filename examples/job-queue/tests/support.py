"""What the tests share: a Redis of their own, a queue on it, a worker in a thread."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))

from jobqueue.config import Config  # noqa: E402  (the path comes first)
from jobqueue.resp import Redis, Unavailable  # noqa: E402
from jobqueue.store import Queue  # noqa: E402
from jobqueue.worker import Worker  # noqa: E402


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@unittest.skipUnless(shutil.which("redis-server"), "no redis-server (apt install redis-server)")
class RedisCase(unittest.TestCase):
    """A test with a Redis that keeps every write, and that can be stopped and started."""

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="job-queue-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self.redis = Redis("127.0.0.1", self.port, 2.0)
        self.addCleanup(self.stop)
        self.start()
        self.config = Config(
            redis_port=self.port,
            metrics_interval_ms=50,
            worker_heartbeat_ms=300,
            worker_backoff_ms=20,
            worker_poll_ms=20,
            breaker_open_ms=100,
            redis_timeout_ms=200,
            tracing_file=os.path.join(self.folder, "spans.jsonl"),
        )
        self.queue = Queue(self.redis, self.config)

    def start(self) -> None:
        """Starts Redis and waits until it answers."""
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder]
        words += ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        self.server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        probe = Redis("127.0.0.1", self.port, 1.0)
        wait_for(lambda: answers(probe), "Redis answers")
        probe.close()

    def stop(self) -> None:
        """Kills Redis, as an outage does."""
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None
            self.redis.close()

    def work(self, **settings: object) -> Worker:
        """A worker in a thread, stopped when the test ends."""
        worker = Worker(Config(**{**self.config.__dict__, **settings}), "1.0.0")  # type: ignore[arg-type]
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 5)
        self.addCleanup(worker.stopping.set)
        return worker


def answers(redis: Redis) -> bool:
    try:
        return redis.call("PING") == "PONG"
    except Unavailable:
        return False


def wait_for(condition: Callable[[], bool], words: str, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {words}")
        time.sleep(0.01)
