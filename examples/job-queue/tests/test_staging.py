"""The practice system without its processes: made the same each time, refuses pushes while frozen, faults where asked."""

import contextlib
import io
import json
import os
import shutil
import tempfile
import unittest
import urllib.request

import support  # noqa: F401  (sets the path)
from staging import folder as places
from staging import forge, kubectl, state, tools
from staging.dump import dump
from staging.git import git


class StagingCase(unittest.TestCase):
    def make(self, scenario: str, *faults: str) -> str:
        """A practice folder of its own."""
        parent = tempfile.mkdtemp(prefix="job-queue-")
        self.addCleanup(shutil.rmtree, parent)
        folder = os.path.join(parent, "practice")
        places.make(folder, scenario, set(faults))
        return folder

    def printed(self, command: object, *words: str) -> tuple[int, str]:
        """Exit code and standard output of a command."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = command(*words)  # type: ignore[operator]
        return code, out.getvalue()


class FolderTest(StagingCase):
    def test_the_same_every_time(self) -> None:
        self.assertEqual(dump(self.make("rc")), dump(self.make("rc")))

    def test_scenarios_release_one_after_the_other(self) -> None:
        self.assertIn("queue:0.3.0", dump(self.make("alpha")))
        found = dump(self.make("v1"))
        self.assertIn("refs/tags/v0.9.0-rc", found)
        self.assertNotIn("refs/tags/v1.0.0", found)

    def test_another_folder_is_refused(self) -> None:
        folder = self.make("alpha")
        os.unlink(os.path.join(folder, places.MARKER))
        with self.assertRaises(places.NotOurs):
            places.make(folder, "alpha", set())


class ForgeTest(StagingCase):
    def ask(self, repo: str, method: str, path: str, body: object = None) -> object:
        request = urllib.request.Request(repo + path, method=method, data=json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def test_a_frozen_branch_takes_no_push_until_it_is_free(self) -> None:
        folder = self.make("alpha")
        server, repo = forge.serve(folder)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        work = os.path.join(folder, "work")
        git(work, "commit", "--quiet", "--allow-empty", "--message", "late")
        self.ask(repo, "PUT", "/branches/main/protection", {"lock_branch": True, "enforce_admins": True})
        with self.assertRaises(RuntimeError) as refused:
            git(work, "push", "--quiet", "origin", "HEAD:main")
        self.assertIn("code freeze", str(refused.exception))
        git(work, "push", "--quiet", "origin", "HEAD:other")
        self.ask(repo, "DELETE", "/branches/main/protection")
        git(work, "push", "--quiet", "origin", "HEAD:main")
        self.assertEqual(self.ask(repo, "GET", "/commits/main"), {"sha": git(work, "rev-parse", "HEAD")})

    def test_statuses_are_those_of_the_commit(self) -> None:
        server, repo = forge.serve(self.make("beta", "ci-red"))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        found = self.ask(repo, "GET", "/commits/main/status")
        self.assertEqual(found["state"], "failure")  # type: ignore[index]
        red = [one["context"] for one in found["statuses"] if one["state"] != "success"]  # type: ignore[index]
        self.assertEqual(red, ["ci/race"])


class ToolsTest(StagingCase):
    def test_scanners_find_what_they_are_told(self) -> None:
        clean, bad = self.make("alpha"), self.make("alpha", "vulnerable", "cve")
        self.assertEqual(self.printed(tools.govulncheck, clean, "./...")[0], 0)
        self.assertEqual(self.printed(tools.govulncheck, bad, "./...")[0], 3)
        severities = [
            [one["Severity"] for one in json.loads(self.printed(tools.scan, folder)[1])["Results"][0]["Vulnerabilities"]]
            for folder in (clean, bad)
        ]
        self.assertEqual(severities, [["LOW"], ["LOW", "HIGH"]])

    def test_tracker_and_images(self) -> None:
        folder = self.make("alpha", "open-stories")
        stories = json.loads(self.printed(tools.tracker, folder, "stories", "0.4.0-alpha")[1])
        self.assertEqual([story["id"] for story in stories], [7])
        self.assertEqual(json.loads(self.printed(tools.tracker, folder, "stories", "9.9.9")[1]), [])
        self.assertEqual(self.printed(tools.image, folder, "registry.example.org/queue:0.4.0-alpha")[0], 0)
        self.assertEqual(self.printed(tools.image, folder, "registry.example.org/queue:none")[0], 1)

    def test_kubectl_applies_and_waits_for_what_really_runs(self) -> None:
        folder = self.make("alpha")
        cluster = os.path.join(folder, "cluster.json")
        manifest = os.path.join(folder, "work", "deploy", "queue-worker.json")
        self.assertEqual(self.printed(kubectl.main, cluster, ["apply", "--filename", manifest])[0], 0)
        status = ["rollout", "status", "deployment/queue-worker", "--timeout", "0s"]
        self.assertEqual(self.printed(kubectl.main, cluster, status)[0], 1)
        state.write(os.path.join(folder, "actual.json"), {"image": "registry.example.org/queue:0.4.0-alpha"})
        self.assertEqual(self.printed(kubectl.main, cluster, status)[0], 0)
        self.assertEqual(self.printed(kubectl.main, cluster, ["apply", "--filename", "/no/such"])[0], 1)
        self.assertEqual(self.printed(kubectl.main, cluster, ["get", "pods"])[0], 1)


if __name__ == "__main__":
    unittest.main()
