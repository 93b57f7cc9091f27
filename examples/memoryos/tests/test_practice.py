"""practice.py, the server and the command line, as processes."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from memoryos.settings import MODES  # noqa: E402  (the path comes first)
from scenarios import INPUTS, SCENARIOS  # noqa: E402

LIMIT = 60


def practice(*words: object) -> subprocess.CompletedProcess:
    """Runs practice.py to its end."""
    command = [sys.executable, HERE / "practice.py", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)


class FolderTest(unittest.TestCase):
    """Each test gets a folder that does not exist yet."""

    def setUp(self) -> None:
        parent = Path(tempfile.mkdtemp(prefix="memoryos-test-"))
        self.addCleanup(shutil.rmtree, parent)
        self.folder = parent / "practice"

    def test_each_scenario_is_the_same_every_time(self) -> None:
        self.assertLess(set(INPUTS), set(SCENARIOS))
        for scenario in SCENARIOS:
            dumps = set()
            for _ in range(2):
                self.assertEqual(practice(self.folder, "--scenario", scenario).returncode, 0)
                dumps.add(practice(self.folder, "--dump").stdout)
            self.assertEqual(len(dumps), 1, scenario)

    def test_what_is_not_its_own_is_refused(self) -> None:
        self.folder.mkdir()
        (self.folder / "precious").touch()
        for words in ([], ["--dump"], ["--serve"]):
            done = practice(self.folder, *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn("practice folder", done.stderr)
        self.assertTrue((self.folder / "precious").exists())


class ServedTest(unittest.TestCase):
    """A served practice folder, without traffic."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.parent = Path(tempfile.mkdtemp(prefix="memoryos-test-"))
        folder = cls.parent / "practice"
        practice(folder, "--scenario", "rollout")
        cls.server = subprocess.Popen(
            [sys.executable, HERE / "practice.py", folder, "--serve"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"MEMORYOS_TRAFFIC": "off"},
        )
        assert cls.server.stdout.readline() == "ready\n"
        cls.api = (folder / "inputs.toml").read_text().split('"')[1]

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stdin.close()
        code = cls.server.wait(timeout=LIMIT)
        cls.server.stdout.close()
        shutil.rmtree(cls.parent)
        assert code == 0

    def memoryos(self, *words: str, token: str = "practice-token", expect: int = 0) -> object:
        """Runs the command line; its answer, or what it said."""
        done = subprocess.run(
            [HERE / "bin" / "memoryos", *words], capture_output=True, text=True, timeout=LIMIT,
            env=os.environ | {"MEMORYOS_API": self.api, "MEMORYOS_TOKEN": token},
        )
        self.assertEqual(done.returncode, expect, done.stderr)
        return json.loads(done.stdout) if expect == 0 else done.stderr

    def test_a_release_by_the_command_line(self) -> None:
        self.assertEqual(self.memoryos("mode", "dual_run")["mode"], "dual_run")
        stage = self.memoryos("stage", "canary", "--group", "staff", "--ratio", "0.5")
        self.assertEqual((stage["stage"], stage["groups"], stage["canary_ratio"]), ("canary", ["staff"], 0.5))
        self.assertIn("cutover is from dual_run", self.memoryos("mode", "memory_os", expect=1))
        self.memoryos("remember", "staff-1/facts", "k", "fact", "a walrus")
        found = self.memoryos("recall", "staff-1/facts", "walrus")
        self.assertEqual((found["mode"], found["results"][0]["key"]), ("dual_run", "k"))
        self.assertEqual(self.memoryos("drift")["samples"], 1)
        self.assertEqual(self.memoryos("reconcile-target", "staff-1")["parity"], 1)
        self.assertFalse(self.memoryos("evaluate-rollback", "--look")["triggered"])

    def test_only_the_token_changes_anything(self) -> None:
        before = self.memoryos("release", token="")
        self.assertIn("token", self.memoryos("fallback", "off", token="", expect=1))
        self.assertIn("token", self.memoryos("fallback", "off", token="wrong", expect=1))
        self.assertEqual(self.memoryos("release"), before)

    def test_usage(self) -> None:
        for words in (["frobnicate"], ["migrate"], ["faults", "x"], ["mode", "a", "b"]):
            self.memoryos(*words, expect=2)
        self.assertIn("does not answer", self.memoryos("--api", "http://127.0.0.1:1", "release", expect=1))

    def ask(self, method: str, path: str, body: bytes = b"") -> int:
        """The status of a raw request."""
        headers = {"Authorization": "Bearer practice-token"}
        asked = urllib.request.Request(self.api + path, body or None, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=LIMIT) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    def test_what_makes_no_sense_is_refused(self) -> None:
        self.assertEqual(self.ask("GET", "/nowhere"), 404)
        self.assertEqual(self.ask("DELETE", "/drift"), 405)
        self.assertEqual(self.ask("PUT", "/release/mode", b"{"), 400)
        self.assertEqual(self.ask("PUT", "/release/mode", b"[]"), 422)
        self.assertEqual(self.ask("PUT", "/release/mode", b"{}"), 422)
        self.assertEqual(self.ask("PUT", "/faults", b'{"slow_ms": "much"}'), 422)
        self.assertEqual(self.ask("PUT", "/faults", b'{"slow": 1}'), 422)
        self.assertEqual(self.ask("POST", "/evaluate-rollback", b'{"snapshot": 1}'), 422)
        self.assertEqual(self.ask("POST", "/memories", b'{"namespace": "a"}'), 422)
        self.assertEqual(self.ask("GET", "/targets/nobody/parity"), 404)
        self.assertEqual(self.ask("GET", "/reconciliations/x"), 404)
        self.assertEqual(self.ask("GET", "/slo?mode=both"), 422)

    def test_metrics_have_every_name_once(self) -> None:
        with urllib.request.urlopen(self.api + "/metrics", timeout=LIMIT) as answer:
            lines = answer.read().decode().splitlines()
        names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
        self.assertEqual(len(names), len(set(names)))
        series = [line.rsplit(" ", 1)[0] for line in lines if not line.startswith("#")]
        self.assertEqual(len(series), len(set(series)))
        for mode in MODES:
            self.assertIn(f'memoryos_requests_total{{mode="{mode}",outcome="ok"}}', series)


if __name__ == "__main__":
    unittest.main()
