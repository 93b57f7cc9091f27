"""export-data and import-data: exact, whole or not at all."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from unittest import mock

from support import PracticeTest, environment, stop
import practice
from memoria import archive, database
from memoria.errors import MemoriaError

STOP_IN_THE_MIDDLE = """
import sys, time
from memoria import archive, database
def progress(remaining, total):
    if remaining < total / 4:
        print("in the middle", flush=True)
        time.sleep(60)
archive.import_data(sys.argv[1], database.open_existing(sys.argv[2]), progress)
"""

AWKWARD = """
CREATE TABLE plain (a, b TEXT, "odd ""name" REAL);
INSERT INTO plain (_rowid_, a, b) VALUES (7, 1e999, CAST(x'ff41' AS TEXT)), (9, -1e999, char(0, 65)), (3, x'', NULL);
CREATE TABLE keyed (k TEXT, n INTEGER, PRIMARY KEY (n, k)) WITHOUT ROWID;
INSERT INTO keyed VALUES ('b', 1), ('a', 9223372036854775807), ('c', -1);
CREATE TABLE computed (a INTEGER PRIMARY KEY AUTOINCREMENT, twice AS (a * 2));
INSERT INTO computed (a) VALUES (41);
DELETE FROM computed;
CREATE INDEX plain_b ON plain (b) WHERE b IS NOT NULL;
CREATE TRIGGER plain_gone AFTER INSERT ON plain BEGIN DELETE FROM keyed; END;
CREATE VIEW both AS SELECT a FROM plain UNION SELECT k FROM keyed;
ANALYZE;
PRAGMA user_version = 42;
PRAGMA application_id = 7;
"""


class ExportTest(PracticeTest):
    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_equal_content_gives_equal_bytes(self):
        self.memoria("export-data", "backups/one.json")
        self.memoria("import-data", "backups/one.json")
        self.memoria("export-data", "backups/two.json")
        self.assertEqual(self.read("backups/one.json"), self.read("backups/two.json"))

    def test_it_says_which_migrations_the_database_had(self):
        self.memoria("export-data", "backups/pre-ga.json")
        self.assertEqual(len(json.loads(self.read("backups/pre-ga.json"))["migrations"]), 4)

    def test_an_older_export_is_replaced_and_nothing_else_is_left(self):
        self.memoria("export-data", "backups/pre-ga.json")
        self.memoria("export-data", "backups/pre-ga.json")
        self.assertEqual(os.listdir(self.path("backups")), ["pre-ga.json"])

    def test_a_missing_folder_or_database_is_named(self):
        self.assertIn("nowhere", self.memoria("export-data", "nowhere/a.json", expect=1).stderr)
        done = self.memoria("export-data", "a.json", "--database-url", "sqlite:///none.db", expect=1)
        self.assertIn("none.db", done.stderr)
        self.assertFalse(os.path.exists(self.path("none.db")))


class ImportTest(PracticeTest):
    def setUp(self):
        super().setUp()
        self.memoria("export-data", "backups/pre-ga.json")

    def test_it_drops_whatever_else_is_there_and_may_be_repeated(self):
        self.memoria("migrate", "run", "--all")
        self.memoria("bootstrap")
        for _ in range(2):
            self.memoria("import-data", "backups/pre-ga.json")
            self.assertEqual(self.dump(), self.before)

    def test_it_fills_a_new_database(self):
        self.memoria("import-data", "backups/pre-ga.json", "--database-url", "sqlite:///other.db")
        self.assertEqual(self.dump("other.db"), self.before)

    def test_awkward_content_comes_back_exactly(self):
        db = sqlite3.connect(self.path("awkward.db"))
        db.executescript(AWKWARD)
        db.close()
        awkward = self.dump("awkward.db")
        self.memoria("export-data", "awkward.json", "--database-url", "sqlite:///awkward.db")
        self.memoria("import-data", "awkward.json")
        self.assertEqual(self.dump(), awkward)
        db = sqlite3.connect(self.path("memoria.db"))
        self.addCleanup(db.close)
        self.assertEqual(db.execute("SELECT _rowid_ FROM plain ORDER BY 1").fetchall(), [(3,), (7,), (9,)])
        self.assertEqual(db.execute("PRAGMA user_version").fetchone(), (42,))

    def test_damaged_and_foreign_files_are_refused_and_touch_nothing(self):
        with open(self.path("backups/pre-ga.json"), encoding="utf-8") as file:
            good = file.read()
        bad = {
            "cut": good[:-100],
            "changed": good.replace("(note 1)", "(note X)", 1),
            "foreign": '{"format": "something else"}',
            "a list": "[]",
            "empty": "",
            "deep": "[" * 100_000,
        }
        for title, text in bad.items():
            with self.subTest(title):
                with open(self.path("bad.json"), "w", encoding="utf-8") as file:
                    file.write(text)
                self.assertIn("bad.json", self.memoria("import-data", "bad.json", expect=1).stderr)
                self.assertEqual(self.dump(), self.before)

    def test_a_database_in_use_is_not_waited_for_without_end(self):
        owner = database.connect(self.path("memoria.db"))
        self.addCleanup(owner.close)
        owner.execute("BEGIN IMMEDIATE")
        with mock.patch.object(database, "BUSY_SECONDS", 0.1), mock.patch.object(archive, "BUSY_SECONDS", 0.1):
            other = database.connect(self.path("memoria.db"))
            self.addCleanup(other.close)
            with self.assertRaisesRegex(MemoriaError, "locked"):
                archive.import_data(self.path("backups/pre-ga.json"), other)
        owner.execute("ROLLBACK")
        self.assertEqual(self.dump(), self.before)

    def test_killed_at_any_moment_it_leaves_before_or_after(self):
        self.memoria("migrate", "run", "--all")
        migrated = self.dump()
        chance = random.Random(7)
        for _ in range(8):
            process = self.start("import-data", "backups/pre-ga.json")
            time.sleep(chance.random() * 0.25)
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.assertIn(self.dump(), (migrated, self.before))
        self.memoria("import-data", "backups/pre-ga.json")
        self.assertEqual(self.dump(), self.before)


class BigImportTest(PracticeTest):
    def test_killed_in_the_middle_of_writing_it_leaves_the_database_as_it_was(self):
        os.unlink(self.path("memoria.db"))
        practice.make_database(self.path("memoria.db"), memories=8_000)
        exported = self.dump()
        self.memoria("export-data", "backups/big.json")
        self.memoria("migrate", "run", "0005_metadata_json")
        migrated = self.dump()
        process = subprocess.Popen(
            [sys.executable, "-c", STOP_IN_THE_MIDDLE, "backups/big.json", "sqlite:///memoria.db"],
            cwd=self.folder, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        self.addCleanup(stop, process)
        self.assertEqual(process.stdout.readline(), "in the middle\n")
        process.kill()
        process.wait()
        self.assertGreater(os.path.getsize(self.path("memoria.db-journal")), 0)
        self.assertEqual(self.dump(), migrated)
        self.memoria("import-data", "backups/big.json")
        self.assertEqual(self.dump(), exported)


class UrlTest(PracticeTest):
    def test_relative_and_absolute_files(self):
        self.memoria("migrate", "list", "--database-url", "sqlite:///memoria.db")
        self.memoria("migrate", "list", "--database-url", "sqlite:///" + self.path("memoria.db"))

    def test_anything_else_is_a_usage_error_without_the_password(self):
        for url in ["postgres://me:hunter2@host/db", "sqlite://memoria.db", "sqlite:///", "memoria.db"]:
            with self.subTest(url):
                done = self.memoria("migrate", "run", "--all", "--database-url", url, expect=2)
                self.assertIn("sqlite:///relative.db", done.stderr)
                self.assertNotIn("hunter2", done.stderr)

    def test_no_database_at_all_is_a_usage_error(self):
        self.assertIn("DATABASE_URL", self.memoria("bootstrap", expect=2, DATABASE_URL="").stderr)

    def test_the_flag_wins_over_the_environment(self):
        self.memoria("bootstrap", expect=2, DATABASE_URL="x:")
        self.memoria("migrate", "list", "--database-url", "sqlite:///memoria.db", DATABASE_URL="x:")
