"""migrate list and migrate run, whole and half."""

import json
import sqlite3

from support import PracticeTest
from memoria.migrate import NAMES

OLD, GA = NAMES[:4], NAMES[4:]


class MigrateTest(PracticeTest):
    def listed(self):
        return json.loads(self.memoria("migrate", "list", "--json").stdout)

    def applied(self):
        return [entry["name"] for entry in self.listed() if entry["applied"]]

    def test_an_old_database_has_the_ga_migrations_pending(self):
        self.assertEqual(self.applied(), OLD)
        text = self.memoria("migrate", "list").stdout
        self.assertEqual(text.count("pending"), len(GA))

    def test_the_list_needs_no_database(self):
        text = self.memoria("migrate", "list", DATABASE_URL="").stdout
        self.assertEqual(text.count("pending"), len(NAMES))

    def test_all_applies_what_is_pending_in_order_and_records_it(self):
        out = self.memoria("migrate", "run", "--all").stdout
        self.assertEqual(out.splitlines(), [f"applied {name}" for name in GA])
        self.assertEqual(self.applied(), NAMES)
        self.assertTrue(all(entry["applied_at"] for entry in self.listed()))

    def test_all_twice_changes_nothing(self):
        self.memoria("migrate", "run", "--all")
        migrated = self.dump()
        self.assertIn("already applied", self.memoria("migrate", "run", "--all").stdout)
        self.assertEqual(self.dump(), migrated)

    def test_one_applies_only_itself(self):
        self.memoria("migrate", "run", GA[0])
        self.assertEqual(self.applied(), OLD + GA[:1])
        self.assertIn("already applied", self.memoria("migrate", "run", GA[0]).stdout)

    def test_one_out_of_order_is_refused(self):
        done = self.memoria("migrate", "run", GA[1], expect=1)
        self.assertIn(f"{GA[0]} comes first", done.stderr)
        self.assertEqual(self.dump(), self.before)

    def test_an_unknown_name_is_a_usage_error_with_the_nearest(self):
        done = self.memoria("migrate", "run", "0006_provenence", expect=2)
        self.assertIn("did you mean 0006_provenance?", done.stderr)

    def test_a_name_and_all_exclude_each_other(self):
        self.memoria("migrate", "run", expect=2)
        self.memoria("migrate", "run", GA[0], "--all", expect=2)

    def test_data_is_really_converted(self):
        self.memoria("migrate", "run", "--all")
        db = sqlite3.connect(self.path("memoria.db"))
        self.addCleanup(db.close)
        created, metadata = db.execute("SELECT created_ms, metadata FROM memories WHERE id = 1").fetchone()
        self.assertEqual(created, 1714521900000)
        self.assertEqual(json.loads(metadata), {"lang": "de", "channel": "mail", "part": "1"})
        memories, = db.execute("SELECT count(*) FROM memories").fetchone()
        self.assertEqual(db.execute("SELECT count(*) FROM provenance").fetchone(), (memories,))
        self.assertEqual(db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'memories'").fetchone(), (240,))

    def test_a_new_database_is_built_from_nothing(self):
        self.memoria("migrate", "run", "--all", "--database-url", "sqlite:///new.db")
        self.memoria("bootstrap", "--database-url", "sqlite:///new.db")


class BrokenMigrationTest(PracticeTest):
    def test_every_ga_migration_can_fail_half_way_and_be_undone(self):
        self.memoria("export-data", "backups/pre-ga.json")
        for name in GA:
            with self.subTest(name):
                done = self.memoria("migrate", "run", "--all", expect=1, MEMORIA_FAIL_MIGRATION=name)
                self.assertIn(f"migration {name} failed half-way", done.stderr)
                self.assertNotEqual(self.dump(), self.before)
                self.memoria("import-data", "backups/pre-ga.json")
                self.assertEqual(self.dump(), self.before)

    def test_half_a_migration_is_not_recorded_and_cannot_be_run_over(self):
        self.memoria("migrate", "run", "--all", expect=1, MEMORIA_FAIL_MIGRATION="0006_provenance")
        names = [entry["name"] for entry in json.loads(self.memoria("migrate", "list", "--json").stdout)
                 if entry["applied"]]
        self.assertEqual(names, OLD + GA[:1])
        self.memoria("migrate", "run", "--all", expect=1)

    def test_one_killed_while_it_hangs_half_way_can_be_undone(self):
        self.memoria("export-data", "backups/pre-ga.json")
        process = self.start("migrate", "run", "--all", MEMORIA_HANG_MIGRATION="0006_provenance")
        self.assertIn("0006_provenance hangs half-way", process.stderr.readline())
        process.kill()
        self.assertEqual(process.wait(), -9)
        self.assertNotEqual(self.dump(), self.before)
        self.memoria("import-data", "backups/pre-ga.json")
        self.assertEqual(self.dump(), self.before)
