"""The doubles do what their documentation says, and fail when they are told to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

import github  # noqa: E402
import serve  # noqa: E402
import slack  # noqa: E402
import statuspage  # noqa: E402


class Served(unittest.TestCase):
    """A service that is served for one test."""

    def start(self, service: serve.Service) -> None:
        server, self.address = serve.serve(service)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    def fault(self, when: str, then: str) -> None:
        self.call("PUT", "/_double/faults", [{"when": when, "then": then}])


class Statuspage(Served):
    def test_a_window_is_announced_moved_on_and_deleted(self) -> None:
        self.start(statuspage.Statuspage())
        window = {"incident": {"name": "GA", "scheduled_for": "a", "scheduled_until": "b", "body": "x"}}
        status, made = self.call("POST", "/v1/pages/p/incidents", window)
        self.assertEqual((status, made["status"]), (201, "scheduled"))
        path = f"/v1/pages/p/incidents/{made['id']}"
        self.assertEqual(self.call("PATCH", path, {"incident": {"status": "resolved"}})[0], 422)
        self.assertEqual(self.call("PATCH", path, {"incident": {"status": "completed"}})[0], 200)
        self.assertEqual(self.call("DELETE", path)[0], 200)
        self.assertEqual(self.call("GET", path)[0], 404)

    def test_a_status_that_does_not_exist_is_refused(self) -> None:
        self.start(statuspage.Statuspage())
        path = "/v1/pages/p/components/server"
        self.assertEqual(self.call("PATCH", path, {"component": {"status": "great"}})[0], 422)
        self.assertEqual(self.call("GET", path)[1]["status"], "operational")

    def test_faults_come_once_before_or_after_it_was_done(self) -> None:
        self.start(statuspage.Statuspage())
        path = "/v1/pages/p/components/server"
        change = {"component": {"status": "major_outage"}}
        self.fault("PATCH", "502")
        self.assertEqual(self.call("PATCH", path, change)[0], 502)
        self.assertEqual(self.call("GET", path)[1]["status"], "operational")
        self.fault("PATCH", "cut done")
        with self.assertRaises(OSError):
            self.call("PATCH", path, change)
        self.assertEqual(self.call("GET", path)[1]["status"], "major_outage")


class GitHub(Served):
    def test_a_run_is_queued_at_work_and_over(self) -> None:
        self.start(github.GitHub())
        run = "/repos/acme/queue/actions/"
        asked = {"ref": "main", "return_run_details": True}
        status, made = self.call("POST", run + "workflows/checks.yml/dispatches", asked)
        self.assertEqual(status, 200)
        path = f"{run}runs/{made['workflow_run_id']}"
        seen = [self.call("GET", path)[1]["status"] for _ in range(3)]
        self.assertEqual(seen, ["in_progress", "in_progress", "completed"])
        self.assertEqual(self.call("POST", path + "/cancel")[0], 409)

    def test_protection_is_told_in_another_shape_than_it_is_set_in(self) -> None:
        self.start(github.GitHub())
        path = "/repos/acme/queue/branches/main/protection"
        self.assertEqual(self.call("GET", path)[0], 404)
        self.call("PUT", path, {"lock_branch": True, "restrictions": {"users": ["ana"], "teams": []}})
        told = self.call("GET", path)[1]
        self.assertEqual(told["lock_branch"], {"enabled": True})
        self.assertEqual(told["restrictions"]["users"], [{"login": "ana"}])


class Slack(Served):
    def test_a_message_without_a_text_is_refused(self) -> None:
        self.start(slack.Channel())
        self.assertEqual(self.call("POST", "/services/a", {"text": "hello"})[0], 200)
        self.assertEqual(self.call("POST", "/services/a", {})[0], 400)
        self.assertEqual(self.call("GET", "/_double/state")[1], {"messages": ["hello"]})


class CommandLines(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "state.json"

    def call(self, name: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        env |= {"PATH": os.environ["PATH"], f"{name.upper()}_DOUBLE_STATE": str(self.file)}
        script = str(HERE / f"{name}.py")
        return subprocess.run([sys.executable, script, *words], env=env, capture_output=True, text=True, check=False)

    def test_helm_keeps_values_and_goes_back(self) -> None:
        self.assertEqual(self.call("helm", "install", "a", "chart", "--set-string", "x.tag=1,y=b\\,c").returncode, 0)
        self.assertEqual(self.call("helm", "upgrade", "a", "chart", "--reuse-values", "--set-string", "x.tag=2").returncode, 0)
        values = json.loads(self.call("helm", "get", "values", "a", "--output", "json").stdout)
        self.assertEqual(values, {"x": {"tag": "2"}, "y": "b,c"})
        self.assertEqual(self.call("helm", "rollback", "a", "1", "--wait").returncode, 0)
        values = json.loads(self.call("helm", "get", "values", "a", "--output", "json").stdout)
        self.assertEqual(values["x"], {"tag": "1"})

    def test_helm_leaves_a_revision_pending(self) -> None:
        self.call("helm", "install", "a", "chart")
        failed = self.call("helm", "upgrade", "a", "chart", HELM_DOUBLE_FAIL="upgrade:in-progress")
        self.assertEqual(failed.returncode, 1)
        self.assertIn("is in progress", self.call("helm", "upgrade", "a", "chart").stderr)
        self.assertEqual(self.call("helm", "rollback", "a", "1").returncode, 0)

    def test_kubectl_waits_for_what_comes_up_and_not_for_what_does_not(self) -> None:
        server = {"containers": {"server": "a:1"}, "replicas": 2, "generation": 1}
        self.file.write_text(json.dumps({"deployments": {"server": server}, "bad": ["a:2"]}))
        status = ("rollout", "status", "deployment/server", "--timeout", "1s")
        self.assertEqual(self.call("kubectl", *status).returncode, 0)
        self.call("kubectl", "set", "image", "deployment/server", "server=a:2")
        self.assertIn("timed out", self.call("kubectl", *status).stderr)
        self.assertEqual(self.call("kubectl", "get", "deployment/gone", "--output", "json").returncode, 1)
        self.assertEqual(self.call("kubectl", "sacle", "deployment/server").returncode, 1)


if __name__ == "__main__":
    unittest.main()
