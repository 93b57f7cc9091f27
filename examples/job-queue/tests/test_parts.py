"""Breaker, limiter, metrics and protocol, without Redis."""

import os
import tempfile
import unittest

import support  # noqa: F401  (sets the path)
from jobqueue.breaker import Breaker
from jobqueue.job import Job, parent, read
from jobqueue.limiter import Limiter
from jobqueue.metrics import SERIES_LIMIT, Metrics
from jobqueue.resp import encode
from jobqueue.tracing import WAITING_SPANS, Tracer


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class BreakerTest(unittest.TestCase):
    def test_opens_at_the_limit_and_one_try_decides(self) -> None:
        clock = Clock()
        breaker = Breaker(2, 10.0, clock)
        breaker.failure()
        self.assertEqual(breaker.state, "closed")
        breaker.failure()
        self.assertEqual((breaker.state, breaker.allows(), breaker.remaining()), ("open", False, 10.0))
        clock.now = 10.0
        self.assertEqual((breaker.state, breaker.allows()), ("half-open", True))
        breaker.failure()
        self.assertEqual((breaker.state, breaker.opened), ("open", 1))
        clock.now = 20.0
        breaker.success()
        self.assertEqual((breaker.state, breaker.opened, breaker.closed), ("closed", 1, 1))


class LimiterTest(unittest.TestCase):
    def test_sleeps_up_to_the_moment_the_oldest_start_leaves(self) -> None:
        clock = Clock()
        limiter = Limiter(2, 1.0, clock)
        limiter.start()
        clock.now = 0.25
        limiter.start()
        self.assertEqual(limiter.delay(), 0.75)
        clock.now = 1.0
        self.assertEqual(limiter.delay(), 0.0)

    def test_jitter_is_added_and_bounded(self) -> None:
        limiter = Limiter(1, 1.0, Clock())
        limiter.jitter = 0.5
        limiter.start()
        delays = {limiter.delay() for _ in range(50)}
        self.assertTrue(all(1.0 <= delay <= 1.5 for delay in delays))
        self.assertGreater(len(delays), 1)


class MetricsTest(unittest.TestCase):
    def test_text_format(self) -> None:
        metrics = Metrics()
        metrics.count("jobs_total", priority="high")
        metrics.count("jobs_total", 2, priority="high")
        metrics.gauge("depth", 4)
        metrics.observe("seconds", 0.02)
        text = metrics.text()
        for line in (
            "# TYPE jobs_total counter",
            'jobs_total{priority="high"} 3',
            "depth 4",
            "# TYPE seconds histogram",
            'seconds_bucket{le="0.01"} 0',
            'seconds_bucket{le="0.05"} 1',
            'seconds_bucket{le="+Inf"} 1',
            "seconds_count 1",
        ):
            self.assertIn(line + "\n", text)

    def test_histograms_see_a_sample(self) -> None:
        metrics = Metrics(sample_every=3)
        for _ in range(10):
            metrics.observe("seconds", 0.02)
        self.assertIn("seconds_count 3\n", metrics.text())

    def test_series_are_bounded(self) -> None:
        metrics = Metrics()
        for number in range(SERIES_LIMIT + 50):
            metrics.count("jobs_total", job=str(number))
        self.assertIn("metrics_series_dropped_total 50\n", metrics.text())


class TracerTest(unittest.TestCase):
    def test_an_exporter_that_hangs_costs_one_timeout_and_is_off(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            pipe = os.path.join(folder, "spans")
            os.mkfifo(pipe)  # nobody reads it: to open it never ends
            tracer = Tracer(pipe, timeout=0.01)
            job = Job("a", "noop", "high", {})
            for _ in range(WAITING_SPANS + 2):
                tracer.span(job, "job noop", 0.0)
            self.assertIsNone(tracer.path)
            os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))


class JobTest(unittest.TestCase):
    def test_a_job_survives_its_text(self) -> None:
        job = Job("a\r\n", "noop", "high", {"text": "Zürich \"x\""})
        self.assertEqual(read(job.text()), job)
        self.assertEqual(read(job.text()).again().attempts, 1)

    def test_traceparent(self) -> None:
        self.assertEqual(parent(f"00-{'a' * 32}-{'b' * 16}-01"), ("a" * 32, "b" * 16))
        self.assertIsNone(parent("00-short-1"))
        self.assertIsNone(parent(None))

    def test_arguments_are_counted_in_bytes(self) -> None:
        self.assertEqual(encode(["SET", "é\r\n", 1]), b"*3\r\n$3\r\nSET\r\n$4\r\n\xc3\xa9\r\n\r\n$1\r\n1\r\n")
