"""The hosted control plane: its servers as a client sees them, faults, the dump, and the tools' commands."""

import json
import os
import subprocess
import sys
import time
import tomllib
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from support import HERE, LIMIT_SECONDS, PracticeTest, environment

SCRIPT = os.path.join(HERE, "practice.py")


class ServedTest(PracticeTest):
    """Each test gets a served folder of its own."""

    def setUp(self):
        super().setUp()
        words = [sys.executable, SCRIPT, self.folder, "--serve"]
        self.server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        self.assertEqual(self.server.stdout.readline(), "ready\n")
        with open(self.path("hosted-ga.inputs.toml"), "rb") as file:
            self.inputs = tomllib.load(file)

    def end(self):
        """Closes standard input; the server must go."""
        self.server.stdin.close()
        self.server.wait(LIMIT_SECONDS)
        self.server.stdout.close()

    def ask(self, path, method="GET", body=None, token=None):
        """Status and body of a request to the admin API."""
        request = urllib.request.Request(self.inputs["admin"] + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def turn(self, switch, on):
        """Turns a switch, as somebody who may."""
        status, _ = self.ask(f"/{switch}", "PUT", {"enabled": on}, self.inputs["token"])
        self.assertEqual(status, 200)

    def depth(self):
        """How much waits."""
        return json.loads(self.ask("/queue")[1])["depth"]

    def until(self, holds, within=20):
        """Waits until something holds."""
        late = time.monotonic() + within
        while not holds():
            self.assertLess(time.monotonic(), late, "it never held")
            time.sleep(0.05)

    def fault(self, **kinds):
        """Switches faults on."""
        Path(self.path("faults.json")).write_text(json.dumps(kinds), encoding="utf-8")


class AdminTest(ServedTest):
    def test_the_queue_fills_while_ingestion_is_paused_and_really_drains(self):
        self.until(lambda: self.depth() < 5)
        self.turn("maintenance", True)
        self.until(lambda: self.depth() > 20)
        self.turn("maintenance", False)
        self.until(lambda: self.depth() < 5)
        self.turn("workers", False)
        self.until(lambda: self.depth() > 20)

    def test_a_stuck_queue_does_not_drain_and_a_silent_one_does_not_report(self):
        self.fault(queue="stuck")
        self.until(lambda: self.depth() > 20)
        self.fault(queue="silent")
        self.assertEqual(self.ask("/queue")[0], 503)
        self.assertNotIn("queue_depth", self.ask("/metrics")[1])
        self.assertFalse(json.loads(self.ask("/healthz")[1])["reporting"])

    def test_nobody_turns_a_switch_without_the_token(self):
        for token in (None, "wrong"):
            self.assertEqual(self.ask("/maintenance", "PUT", {"enabled": True}, token)[0], 401)
        self.assertEqual(self.ask("/maintenance", "PUT", {"enabled": 1}, self.inputs["token"])[0], 422)
        self.assertEqual(self.ask("/nothing")[0], 404)
        self.assertEqual(json.loads(self.ask("/maintenance")[1]), {"enabled": False})

    def test_the_services_follow_what_helm_deploys(self):
        words = ["upgrade", "memoria", "memoria", "--reuse-values", "--set-string", "server.tag=1.0.0,dashboard.tag=1.0.0"]
        subprocess.run([self.path("bin/helm"), *words], check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)
        self.until(lambda: json.loads(self.ask("/healthz")[1])["version"] == "1.0.0")

    def test_metrics_are_in_the_text_format(self):
        for line in self.ask("/metrics")[1].splitlines():
            self.assertRegex(line, r"^(# TYPE memoria_\w+ (gauge|counter)|memoria_\w+ [0-9.]+)$")


class DumpTest(ServedTest):
    def told(self):
        done = subprocess.run(
            [sys.executable, SCRIPT, self.folder, "--dump"], capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_it_tells_switches_and_nothing_that_moves_by_itself(self):
        before = self.told()
        self.turn("workers", False)
        paused = self.told()
        self.assertNotEqual(before, paused)
        self.until(lambda: self.depth() > 10)
        self.assertEqual(self.told(), paused)
        self.turn("workers", True)
        self.assertEqual(self.told(), before)
        self.assertIn('"lost": 0', before)


class ToolsTest(PracticeTest):
    def tool(self, *words, expect=0, **extra):
        """Runs the practice command line."""
        done = subprocess.run(
            [self.path("bin/memoria-cli"), *words], env=environment(**extra), cwd=self.folder,
            capture_output=True, text=True, timeout=LIMIT_SECONDS,
        )
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return json.loads(done.stdout) if expect == 0 else done.stderr

    def database(self):
        return {"DATABASE_URL": f"sqlite:///{self.folder}/memoria.db"}

    def test_a_dry_run_changes_no_memory_and_is_found_by_its_trace(self):
        tried = self.tool("policy", "dry-run", "support", "--json", **self.database())
        self.assertEqual((tried["applied"], tried["evaluated"]), (False, 75))
        self.assertEqual(self.tool("policy", "trace", tried["trace_id"])["decisions"], tried["decisions"])
        self.assertIn("no trace", self.tool("policy", "trace", "0" * 32, expect=1))
        self.assertIn("no namespace", self.tool("policy", "dry-run", "nobody", expect=2, **self.database()))
        self.assertEqual(self.dump(), self.before)

    def test_the_trace_is_that_of_the_caller(self):
        caller = {"TRACEPARENT": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
        tried = self.tool("policy", "dry-run", "support", "--json", **self.database(), **caller)
        self.assertTrue(tried["trace_id"].startswith("4bf92f3577b34da6"))

    def test_a_gap_in_the_roster_is_seen(self):
        self.assertTrue(self.tool("roster", "verify")["covered"])
        self.assertEqual(self.tool("roster", "verify", MEMORIA_FAULT_ROSTER="gap")["gaps"], ["incident lead"])
        self.assertEqual([one["covered"] for one in self.tool("schedule", "outcomes", "roster-verification")], [True, False])

    def test_timers_are_set_promoted_and_removed(self):
        self.tool("schedule", "set", "roster-verification", "--every", "24h")
        self.tool("schedule", "set", "override-expiry", "--every", "1h", "--environment", "production")
        timers = {one["name"]: one["environment"] for one in self.tool("schedule", "list")}
        self.assertEqual((timers["roster-verification"], timers["override-expiry"]), ("staging", "production"))
        self.assertTrue(self.tool("schedule", "remove", "roster-verification")["removed"])
        self.assertIn("no job", self.tool("schedule", "set", "x", "--every", "1h", expect=2))
        self.assertIn("24h", self.tool("schedule", "set", "override-expiry", "--every", "often", expect=2))

    def test_a_slow_build_and_a_costly_one_are_regressions(self):
        for build, fault in (("beta", ""), ("slow", "slow"), ("dear", "costly"), ("same", "")):
            words = ["evaluation", "run", "--build", build, "--out", f"{build}.json"]
            self.tool(*words, MEMORIA_FAULT_EVALUATION=fault, **self.database())
        limits = ["--latency", "20", "--cost", "0.1", "--quality", "0.02"]
        found = {
            build: {one["metric"] for one in self.tool("evaluation", "compare", "beta.json", f"{build}.json", *limits)["regressions"]}
            for build in ("slow", "dear", "same")
        }
        self.assertEqual(found, {"slow": {"p95_ms"}, "dear": {"cost"}, "same": set()})
        self.assertIn("no evaluation summary", self.tool("evaluation", "compare", "beta.json", "config.yaml", *limits, expect=1))

    def test_stored_evaluations_and_backfills_are_taken_back(self):
        self.tool("evaluation", "run", "--build", "rc", "--out", "rc.json", **self.database())
        self.tool("analytics", "store", "rc.json")
        self.assertEqual({one["build"] for one in self.tool("analytics", "trends")}, {"rc"})
        self.assertEqual(self.tool("analytics", "unstore", "rc")["removed"], 2)
        self.tool("analytics", "backfill", "pilot-eu")
        self.assertEqual([one["complete"] for one in self.tool("analytics", "legacy")], [False, True])
        self.tool("analytics", "backfill", "pilot-eu", "--undo")
        self.assertEqual([one["complete"] for one in self.tool("analytics", "legacy")], [False, False])

    def test_an_export_that_is_off_delivers_nothing(self):
        self.assertIn("not enabled", self.tool("telemetry", "export", "policy-enforcement", expect=1, **self.database()))
        self.tool("telemetry", "enable", "policy-enforcement", "--to", self.path("out.ndjson"))
        self.tool("policy", "dry-run", "support", **self.database())
        self.assertEqual(self.tool("telemetry", "export", "policy-enforcement", **self.database())["events"], 2)
        self.assertEqual(len(Path(self.path("out.ndjson")).read_text().splitlines()), 2)


class ScriptsTest(PracticeTest):
    def script(self, name, *words, expect=0, **extra):
        done = subprocess.run(
            [self.path(f"repository/scripts/{name}"), *words], env=environment(**extra),
            capture_output=True, text=True, timeout=LIMIT_SECONDS,
        )
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def test_the_release_checks_prove_parity_and_leave_the_database_alone(self):
        words = ["ci/run_release_command_checks.py", "--database-url", f"sqlite:///{self.folder}/memoria.db", "--", self.path("bin/memoria-cli")]
        self.assertEqual(set(json.loads(self.script(*words)).values()), {True})
        broken = json.loads(self.script(*words, expect=1, MEMORIA_FAULT_RELEASE_CHECKS="parity"))
        self.assertFalse(broken["export_import_parity"])
        self.assertEqual(self.dump(), self.before)

    def test_bundles_hold_what_they_should_and_are_the_same_each_time(self):
        guides = "releases/generate_release_guides.py"
        self.assertIn("docs/releases/ga-launch-announcement.md\n", self.script(guides, "--list-communications"))
        made = []
        for name in ("a", "b"):
            words = ["--release-bundle", "hosted", "--binaries", self.path("requirements.txt"), "--output", self.path(name)]
            self.script(guides, *words)
            made.append(Path(self.path(name)).read_bytes())
        self.assertEqual(made[0], made[1])
        listed = subprocess.run(["tar", "-tzf", self.path("a")], capture_output=True, text=True, check=True).stdout
        self.assertIn("docs/compliance/gdpr.json", listed)
        self.script(guides, *words, MEMORIA_FAULT_BUNDLE="no-gdpr")
        listed = subprocess.run(["tar", "-tzf", self.path("b")], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("gdpr", listed)


if __name__ == "__main__":
    unittest.main()
