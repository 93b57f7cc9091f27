"""A job and its trace, and how both are written down."""

import json
import os
import re
from dataclasses import asdict, dataclass, field

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


@dataclass
class Job:
    """One piece of work. `trace` and `span` are those of whoever asked for it."""

    id: str
    kind: str
    priority: str
    payload: dict[str, object] = field(default_factory=dict)
    attempts: int = 0
    trace: str = field(default_factory=lambda: os.urandom(16).hex())
    span: str = field(default_factory=lambda: os.urandom(8).hex())

    def text(self) -> str:
        """The job as one line of JSON, equal for equal jobs."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    def again(self) -> "Job":
        """The same job after one more failed attempt."""
        return Job(**{**asdict(self), "attempts": self.attempts + 1})


def read(text: str) -> Job:
    """The job that `Job.text` wrote."""
    return Job(**json.loads(text))


def parent(header: str | None) -> tuple[str, str] | None:
    """Trace and span of a W3C `traceparent`; None where there is none that can be read."""
    match = TRACEPARENT.fullmatch(header or "")
    return (match[1], match[2]) if match else None
