"""Spans of jobs, one line of JSON each. Tracing is optional, and neither its failure nor its delay is ever a job's."""

import json
import os
import queue
import threading
import time

from .job import Job

WAITING_SPANS = 100


class Tracer:
    """Hands spans to a thread that writes them to a file; after the first error or the first span late, it is off."""

    def __init__(self, path: str | None, timeout: float = 0.2) -> None:
        """No path: nothing is traced. `timeout` is how long a job may wait for the writer, in seconds."""
        self.path = path
        self.timeout = timeout
        self._spans: queue.Queue[str] = queue.Queue(WAITING_SPANS)
        if path is not None:
            threading.Thread(target=self._write, args=(path,), daemon=True).start()

    def span(self, job: Job, name: str, started: float) -> None:
        """A span that ends now; its trace and parent are those which the job brought."""
        if self.path is None:
            return
        record = {
            "trace": job.trace,
            "parent": job.span,
            "span": os.urandom(8).hex(),
            "name": name,
            "job": job.id,
            "seconds": round(time.time() - started, 6),
        }
        try:
            self._spans.put(json.dumps(record) + "\n", timeout=self.timeout)
        except queue.Full:
            self.path = None

    def _write(self, path: str) -> None:
        while self.path is not None:
            line = self._spans.get()
            try:
                with open(path, "a", encoding="utf-8") as file:
                    file.write(line)
            except OSError:
                self.path = None
