"""Smoke tests and small measurements over a running deployment: real jobs, followed to their end."""

import json
import time
import urllib.error
import urllib.request

from .config import Config
from .job import Job
from .producer import NotWell, Producer


def smoke(config: Config, base: str, version: str | None, patience: float) -> dict[str, object]:
    """One job of each priority is done, the worker is ready and, if given, of this version."""
    jobs = [Job(f"smoke-{time.time_ns()}-{name}", "noop", name) for name in config.queue_priorities]
    done = follow(config, jobs, patience)
    healthy = get(f"{base}/healthz")
    ready = get(f"{base}/readyz")
    if version is not None and healthy.get("version") != version:
        raise NotWell(f"{base} runs {healthy.get('version')}, not {version}")
    if ready.get("ready") is not True:
        raise NotWell(f"{base} is not ready: {ready.get('reason')}")
    return {"jobs": done, "version": healthy.get("version")}


def follow(config: Config, jobs: list[Job], patience: float) -> int:
    """Sends jobs and waits until each is done or dead. Raises `NotWell` after `patience` seconds."""
    producer = Producer(config)
    producer.send(jobs, patience)
    deadline = time.monotonic() + patience
    left = {job.id for job in jobs}
    while left:
        left = {job for job in left if producer.queue.place(job) not in ("done", "dead")}
        if left and time.monotonic() > deadline:
            raise NotWell(f"after {patience:g} s {len(left)} of {len(jobs)} jobs are not done: {sorted(left)[0]} …")
        time.sleep(0.02 if left else 0)
    return len(jobs)


def bench(config: Config, count: int, patience: float) -> dict[str, object]:
    """Jobs a second, from the first one sent to the last one done."""
    started = time.monotonic()
    jobs = [Job(f"bench-{time.time_ns()}-{number}", "noop", "low") for number in range(count)]
    follow(config, jobs, patience)
    seconds = time.monotonic() - started
    return {"jobs": count, "seconds": round(seconds, 3), "jobs_per_second": round(count / seconds, 1)}


def get(url: str) -> dict[str, object]:
    """A JSON page; one of status 503 is an answer too."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except OSError as error:
        raise NotWell(f"{url}: {error}") from error
