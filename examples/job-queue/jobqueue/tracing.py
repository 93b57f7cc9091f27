"""Spans of jobs, one line of JSON each. Tracing is optional, and its failure is never a job's failure."""

import json
import os
import time

from .job import Job


class Tracer:
    """Writes spans to a file; after the first error it is off."""

    def __init__(self, path: str | None) -> None:
        """No path: nothing is traced."""
        self.path = path

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
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        except OSError:
            self.path = None
