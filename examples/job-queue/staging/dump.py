"""The whole state of the practice system as text: equal text, equal state. No times, no ports."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from jobqueue.config import Config
from jobqueue.resp import Redis, Refused, Unavailable
from jobqueue.store import Lengths, Queue

from . import state
from .git import refs

IDLE_SECONDS = 15.0


def dump(folder: str) -> str:
    """Forge, clone, cluster, announcements, manifests, and both queues where Redis answers; a heading before each part."""
    return "".join(f"== {heading}\n" + "".join(f"{line}\n" for line in lines) for heading, lines in parts(folder))


def parts(folder: str) -> Iterator[tuple[str, list[str]]]:
    """Each part of the system with its lines."""
    forge = read(folder, "forge")
    yield "forge refs", refs(os.path.join(folder, "queue.git"))
    yield "forge protection", [f"{name} {text(value)}" for name, value in sorted(forge["protection"].items()) if value]
    yield "clone refs", refs(os.path.join(folder, "work"))
    yield "cluster", [f"{name} {text(value)}" for name, value in sorted(read(folder, "cluster").items())]
    yield "announcements", [read(folder, "announcements")["state"]]
    wanted = read(folder, "wanted")
    yield "redis", [f"{name} {wanted[name]}" for name in ("redis", "slow")]
    for name in ("jobs", "candidate"):
        yield f"queue {name}", queue(folder, name)
    for name in sorted(os.listdir(os.path.join(folder, "manifests"))):
        yield f"file manifests/{name}", [open(os.path.join(folder, "manifests", name), encoding="utf-8").read()]


def queue(folder: str, name: str) -> list[str]:
    """What is toggled, waits, is dead or lost, once jobs under way have ended. What was done is history, and no state."""
    try:
        found = Queue(Redis("127.0.0.1", read(folder, "ports")["redis"], 2.0), Config(queue_name=name))
        lengths = idle(found)
        lines = [f"{key} {text(asdict(lengths)[key])}" for key in ("waiting", "processing", "delayed", "dead")]
        return [*lines, f"lost {lengths.lost}", f"toggles {text(found.toggles())}"]
    except (FileNotFoundError, Unavailable, Refused):
        return ["is not served"]


def idle(found: Queue) -> Lengths:
    """The lengths once nothing is under way; after a while, as they are."""
    deadline = time.monotonic() + IDLE_SECONDS
    while True:
        lengths = found.lengths()
        under_way = sum(lengths.waiting.values()) + lengths.processing + lengths.delayed
        if under_way == 0 or time.monotonic() > deadline:
            return lengths
        time.sleep(0.05)


def read(folder: str, name: str) -> dict[str, Any]:
    return dict(state.read(os.path.join(folder, f"{name}.json")))


def text(value: object) -> str:
    return json.dumps(value, sort_keys=True)
