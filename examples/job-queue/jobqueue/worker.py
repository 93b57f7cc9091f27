"""The worker: takes jobs by priority, does them, retries, reaps, and tells how it is."""

import threading
import time

from . import health
from .breaker import Breaker
from .config import Config
from .job import Job
from .limiter import Limiter
from .metrics import Metrics
from .resp import Redis, Refused, Unavailable
from .store import Queue
from .tracing import Tracer

BREAKER_STATES = ("closed", "half-open", "open")


class Failed(Exception):
    """The work of a job did not succeed."""


class Worker:
    """One worker with its connection, its breaker and its metrics."""

    def __init__(self, config: Config, version: str) -> None:
        self.config, self.version = config, version
        self.queue = Queue(Redis(config.redis_host, config.redis_port, config.redis_timeout_ms / 1000), config)
        self.breaker = Breaker(config.breaker_failures, config.breaker_open_ms / 1000)
        self.limiter = Limiter(config.limiter_jobs, config.limiter_window_ms / 1000)
        self.tracer = Tracer(config.tracing_file if config.tracing_enabled else None, config.tracing_timeout_ms / 1000)
        self.metrics = Metrics(config.metrics_sample_every)
        self.stopping = threading.Event()
        self.tended = 0.0
        # After an outage, jobs may be on our list that nobody works at: they come first.
        self.recover = True
        self.metrics.histogram("job_seconds")
        for priority in config.queue_priorities:
            self.metrics.count("jobs_processed_total", 0, priority=priority)

    def serve(self) -> int:
        """Starts the HTTP side and answers with its port."""
        routes = {
            "/healthz": lambda: health.as_json(200, {"status": "ok", "version": self.version}),
            "/readyz": self.ready,
            "/metrics": lambda: (200, "text/plain; version=0.0.4", self.exposition()),
        }
        self.server = health.serve(self.config.metrics_port, routes)
        return int(self.server.server_address[1])

    def ready(self) -> health.Answer:
        """200 while jobs can be taken, else 503 with the reason."""
        state = self.breaker.state
        ready = state == "closed" and self.tended > 0
        reason = "" if ready else f"the breaker is {state}" if state != "closed" else "starting"
        return health.as_json(200 if ready else 503, {"ready": ready, "breaker": state, "reason": reason})

    def exposition(self) -> str:
        """The metrics with the breaker as it is at this moment."""
        for state in BREAKER_STATES:
            self.metrics.gauge("breaker_state", float(self.breaker.state == state), state=state)
        self.metrics.gauge("breaker_opened", self.breaker.opened)
        self.metrics.gauge("breaker_recovered", self.breaker.closed)
        return self.metrics.text()

    def run(self) -> None:
        """Works until `stopping` is set. Redis may go and come back meanwhile."""
        while not self.stopping.is_set():
            if not self.breaker.allows():
                self.stopping.wait(self.breaker.remaining())
                continue
            try:
                self.turn()
                self.breaker.success()
            except (Unavailable, Refused):
                self.recover = True
                self.breaker.failure()
                self.stopping.wait(self.config.worker_poll_ms / 1000)
        self.queue.redis.close()

    def turn(self) -> None:
        """One round: tend the queue if it is time, then at most one job."""
        self.tend()
        held = self.queue.held() if self.recover else []
        self.recover = False
        for job in held:
            self.work(job)
        delay = self.limiter.delay()
        if delay > 0:
            self.metrics.count("limiter_waits_total")
            self.stopping.wait(min(delay, self.config.metrics_interval_ms / 1000))
            return
        job = self.queue.dequeue()
        if job is not None:
            self.limiter.start()
            self.work(job)

    def tend(self) -> None:
        """At each metric interval: heartbeat, delayed jobs, dead workers, toggles, queue gauges."""
        now = time.monotonic()
        beat = min(self.config.metrics_interval_ms, self.config.worker_heartbeat_ms / 3) / 1000
        if self.tended and now - self.tended < beat:
            return
        self.queue.beat()
        self.queue.release()
        self.metrics.count("jobs_reaped_total", self.queue.reap())
        jitter = self.config.limiter_jitter_ms / 1000
        self.limiter.jitter = jitter if "limiter-jitter" in self.queue.toggles() else 0.0
        self.gauges()
        self.tended = now

    def gauges(self) -> None:
        """The lengths of all lists."""
        lengths = self.queue.lengths()
        for priority, length in lengths.waiting.items():
            self.metrics.gauge("queue_length", length, queue=priority)
        for name in ("processing", "delayed", "dead"):
            self.metrics.gauge("queue_length", getattr(lengths, name), queue=name)
        self.metrics.count("queue_gauge_updates_total")

    def work(self, job: Job) -> None:
        """Does one job and says how it went: to the queue first, then to metrics and trace."""
        started = time.time()
        try:
            perform(job)
        except Failed:
            self.metrics.count("jobs_failed_total", priority=job.priority, then=self.queue.fail(job))
        else:
            self.queue.ack(job)
            self.metrics.count("jobs_processed_total", priority=job.priority)
        self.metrics.observe("job_seconds", time.time() - started)
        self.tracer.span(job, f"job {job.kind}", started)


def perform(job: Job) -> None:
    """The work itself: `sleep` takes its time, `fail` never succeeds, `flaky` does at the last attempt."""
    if job.kind == "sleep":
        time.sleep(float(str(job.payload.get("seconds", 0.01))))
    elif job.kind == "fail" or (job.kind == "flaky" and job.attempts < 2):
        raise Failed(job.kind)
