"""The practice folder, its services, and memoria bootstrap."""

import json
import os
import subprocess
import sys

from support import HERE, LIMIT_SECONDS, PracticeTest, environment
import dump
import practice


class BootstrapTest(PracticeTest):
    def test_it_refuses_a_database_with_pending_migrations(self):
        self.assertIn("0005_metadata_json", self.memoria("bootstrap", expect=1).stderr)
        self.assertEqual(self.dump(), self.before)

    def test_it_stores_a_memory_and_telemetry_sees_it(self):
        self.memoria("migrate", "run", "--all")
        first = json.loads(self.memoria("bootstrap", "--json").stdout)
        self.assertEqual(first["events_after"], first["events_before"] + 1)
        self.assertEqual(first["memory"], 241)
        second = json.loads(self.memoria("bootstrap", "--json").stdout)
        self.assertEqual(second["events_before"], first["events_after"])

    def test_the_script_runs_from_any_folder(self):
        self.memoria("migrate", "run", "--all")
        done = subprocess.run(
            [os.path.join(HERE, "bin", "memoria"), "bootstrap"], cwd=self.folder, env=environment(),
            capture_output=True, text=True, timeout=LIMIT_SECONDS,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("telemetry event 401", done.stdout)


class ServicesTest(PracticeTest):
    def restart(self):
        script = self.path("bin/restart-services")
        return subprocess.run([script], cwd="/", capture_output=True, text=True, timeout=LIMIT_SECONDS)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def replace(self, name, old, new):
        text = self.read(name)
        self.assertIn(old, text)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def test_a_restart_runs_what_is_pinned_and_brings_its_defaults(self):
        old_defaults = self.read("config.example.yaml")
        self.replace("requirements.txt", "memoria==0.9.4", "memoria==1.0.0")
        self.assertEqual(self.restart().returncode, 0)
        self.assertEqual(self.read("run/version"), "1.0.0\n")
        self.assertIn("provenance:", self.read("config.example.yaml"))
        self.replace("requirements.txt", "memoria==1.0.0", "memoria==0.9.4")
        self.assertEqual(self.restart().returncode, 0)
        self.assertEqual(self.read("run/version"), "0.9.4\n")
        self.assertEqual(self.read("config.example.yaml"), old_defaults)

    def test_an_unknown_version_keeps_the_old_one_running(self):
        self.replace("requirements.txt", "memoria==0.9.4", "memoria==9.9.9")
        self.assertIn("memoria-9.9.9", self.restart().stderr)
        self.assertEqual(self.read("run/version"), "0.9.4\n")

    def test_a_damaged_artifact_is_refused(self):
        with open(self.path("distribution/artifacts/memoria-0.9.4.tar.gz"), "ab") as file:
            file.write(b"x")
        self.assertIn("damaged", self.restart().stderr)

    def test_a_configuration_with_conflict_marks_is_refused(self):
        self.replace("config.yaml", "  workers: 2\n", "<<<<<<< mine\n  workers: 2\n")
        self.assertIn("line 5", self.restart().stderr)


class FolderTest(PracticeTest):
    def make(self, folder):
        return subprocess.run(
            [sys.executable, os.path.join(HERE, "practice.py"), folder],
            capture_output=True, text=True, timeout=LIMIT_SECONDS,
        )

    def test_it_is_the_same_every_time_and_made_anew(self):
        self.memoria("migrate", "run", "--all")
        self.assertEqual(self.make(self.folder).returncode, 0)
        self.assertEqual(self.dump(), self.before)

    def test_a_dump_tells_every_change_and_nothing_but_changes(self):
        told = dump.dump(self.folder)
        self.assertEqual(self.make(self.folder).returncode, 0)
        self.assertEqual(dump.dump(self.folder), told)
        self.memoria("export-data", "backups/a.json")
        exported = dump.dump(self.folder)
        self.assertIn("== file backups/a.json\n", exported)
        self.memoria("migrate", "run", "--all")
        migrated = dump.dump(self.folder)
        self.assertIn("('0005_metadata_json', '(time)')", migrated)
        self.memoria("import-data", "backups/a.json")
        self.assertEqual(dump.dump(self.folder), exported)

    def test_the_inputs_name_the_folder(self):
        with open(self.path("self-managed-ga.inputs.toml"), encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn("target/practice", text)
        self.assertIn("/bin/restart-services", text)

    def test_it_serves_until_standard_input_closes(self):
        words = [sys.executable, os.path.join(HERE, "practice.py"), self.folder, "--serve"]
        served = subprocess.run(words, input="", capture_output=True, text=True, timeout=LIMIT_SECONDS)
        self.assertEqual((served.returncode, served.stdout), (0, "ready\n"))

    def test_a_folder_of_somebody_else_is_refused(self):
        os.unlink(self.path(practice.MARKER))
        self.assertEqual(self.make(self.folder).returncode, 2)
        self.assertEqual(self.dump(), self.before)

    def test_staged_assets_match_their_checksums(self):
        with open(self.path("distribution/SHA256SUMS"), encoding="utf-8") as file:
            for line in file:
                digest, name = line.split()
                with open(self.path("distribution/" + name), "rb") as asset:
                    self.assertEqual(practice.digest(asset.read()), digest, name)
