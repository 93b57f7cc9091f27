"""The whole state of the practice system as text: equal text, equal state. No times, no ports."""

import json
import os
from dataclasses import asdict

from jobqueue.config import Config
from jobqueue.resp import Redis, Refused, Unavailable
from jobqueue.store import Queue

from . import state
from .git import refs


def dump(folder: str) -> str:
    """Forge, clone, cluster, announcements, and both queues where Redis answers."""
    forge = state.read(os.path.join(folder, "forge.json"))
    lines = [f"forge {line}" for line in refs(os.path.join(folder, "queue.git"))]
    lines += [f"clone {line}" for line in refs(os.path.join(folder, "work"))]
    lines += [f"release {release['tag_name']} {text(release['draft'])}" for release in forge["releases"].values()]
    lines += [f"protection {name} {text(value)}" for name, value in sorted(forge["protection"].items()) if value]
    lines += [f"cluster {name} {text(value)}" for name, value in sorted(read(folder, "cluster").items())]
    lines += [f"announcements {read(folder, 'announcements')['state']}", f"chaos {text(read(folder, 'wanted'))}"]
    for name in ("jobs", "candidate"):
        lines += [f"queue {name} {line}" for line in queue(folder, name)]
    return "\n".join(lines) + "\n"


def queue(folder: str, name: str) -> list[str]:
    """What waits, what is dead, what is toggled. What was done is history, and no state."""
    try:
        port = read(folder, "ports")["redis"]
        found = Queue(Redis("127.0.0.1", port, 2.0), Config(queue_name=name))
        lengths = asdict(found.lengths())
        return [f"{key} {text(lengths[key])}" for key in ("waiting", "processing", "delayed", "dead")] + [
            f"toggles {text(found.toggles())}"
        ]
    except (FileNotFoundError, Unavailable, Refused):
        return ["is not served"]


def read(folder: str, name: str) -> dict[str, object]:
    return dict(state.read(os.path.join(folder, f"{name}.json")))


def text(value: object) -> str:
    return json.dumps(value, sort_keys=True)
