"""A traffic generator: retrievals of all targets, and writes, through the controller's own request path."""

import random
import threading
from dataclasses import dataclass

from .controller import Controller
from .errors import Refused
from .records import Record, words

WRITES = 0.2
KINDS = ("fact", "event", "message")


@dataclass
class Done:
    """What was sent so far."""

    sent: int = 0
    refused: int = 0


class Traffic:
    """Repeats what is stored (`growing` false: content never changes), or adds memories as well."""

    def __init__(self, controller: Controller, rate: float, growing: bool, seed: int = 8) -> None:
        self.controller, self.pause, self.growing = controller, 1 / rate, growing
        self.chance = random.Random(seed)
        self.stopped = threading.Event()
        self.done = Done()

    def run(self) -> None:
        """Sends until `stopped` is set."""
        while not self.stopped.wait(self.pause):
            self.one()

    def one(self) -> None:
        """Sends one request about a memory that is there. What is refused is counted by the service."""
        namespace = self.chance.choice(self.controller.legacy.namespaces())
        record = self.chance.choice(self.controller.legacy.records(namespace))
        self.done.sent += 1
        try:
            if self.chance.random() < WRITES:
                self.controller.requests.write(self._written(record))
            else:
                self.controller.requests.retrieve(namespace, " ".join(words(record.text)[:3]))
        except Refused:
            self.done.refused += 1

    def _written(self, record: Record) -> Record:
        if not self.growing:
            return record
        key = f"new-{self.done.sent:06}"
        kind = self.chance.choice(KINDS)
        return Record(record.namespace, key, kind, f"{record.text} again {self.done.sent}", record.importance, 0)
