"""What the tests share: a controller in a folder of its own, seeded as practice is."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from memoryos.controller import Controller  # noqa: E402  (the path comes first)
from memoryos.records import Record  # noqa: E402
from memoryos.settings import Limits  # noqa: E402
from scenarios import migrated, seed  # noqa: E402

SMALL = Limits(
    drift_min_samples=10, slo_window=60, slo_min_requests=10, slo_p99_ms=1000, mirror_attempts=2,
    queue_soft=3, queue_hard=6,
)


class ControllerTest(unittest.TestCase):
    """Each test gets a controller of its own, whose legacy store is seeded."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="memoryos-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.controller = Controller(self.folder, SMALL)
        self.addCleanup(self.controller.close)
        seed(self.controller)

    def migrated(self) -> Controller:
        """The controller, everything migrated."""
        migrated(self.controller)
        return self.controller

    def dual_run(self) -> Controller:
        """The controller, everything migrated, in a dual run for everybody."""
        self.migrated()
        self.controller.release.set_stage("global", [], 0)
        self.controller.release.set_mode("dual_run")
        return self.controller

    def write(self, namespace: str, key: str, text: str = "a new memory", kind: str = "event") -> dict:
        """A write by the request path."""
        return self.controller.requests.write(Record(namespace, key, kind, text, 0.5, 0))

    def retrieve(self, times: int, namespace: str = "acme-1/facts", query: str = "the second look") -> dict:
        """Retrievals by the request path; the last answer."""
        for _ in range(times):
            answer = self.controller.requests.retrieve(namespace, query)
        return answer
