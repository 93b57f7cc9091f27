"""Migration: classified, backfilled with metadata, reported, undone, interrupted."""

import unittest

from support import ControllerTest

from memoryos.dump import dump
from memoryos.errors import Interrupted, Refused
from memoryos.policy import DEFAULT
from memoryos.records import Record

NAMESPACE = "acme-1/facts"


class MigrationTest(ControllerTest):
    """On stores of which nothing was migrated."""

    def setUp(self) -> None:
        super().setUp()
        self.migration = self.controller.migration
        self.before = dump(self.folder)

    def all(self) -> dict:
        """Everything migrated; the report."""
        for namespace in self.migration.classify("m", DEFAULT, [])["namespaces"]:
            self.migration.backfill("m", namespace)
        return self.migration.report("m")

    def test_everything_arrives_with_its_metadata(self) -> None:
        report = self.all()
        self.assertTrue(report["complete"])
        self.assertEqual((report["classified"], report["migrated"]), (180, 180))
        old = self.controller.legacy.get(NAMESPACE, "m-000")
        self.assertEqual(self.controller.store.get(NAMESPACE, "m-000"), old)
        about = self.controller.store.about(NAMESPACE, "m-000")
        self.assertEqual(about["lifecycle"], {"state": "active", "tier": "long", "keep_days": None})
        self.assertEqual(about["provenance"]["source"], "jido_memory")
        self.assertEqual(about["provenance"]["digest"], old.digest())

    def test_undone_it_leaves_nothing(self) -> None:
        self.all()
        for namespace in self.migration.plan("m")["namespaces"]:
            self.migration.undo("m", namespace)
            self.migration.undo("m", namespace)
        self.migration.drop("m")
        self.assertEqual(dump(self.folder), self.before)

    def test_what_it_replaced_comes_back(self) -> None:
        self.controller.store.put(Record(NAMESPACE, "m-000", "fact", "old", 0.1, 0), "short", "written")
        before = dump(self.folder)
        self.all()
        self.migration.undo("m", NAMESPACE)
        self.migration.undo("m", "acme-1/chat")
        self.assertEqual(self.controller.store.get(NAMESPACE, "m-000").text, "old")
        for namespace in self.migration.plan("m")["namespaces"]:
            self.migration.undo("m", namespace)
        self.migration.drop("m")
        self.assertEqual(dump(self.folder), before)

    def test_what_is_newer_is_not_overwritten(self) -> None:
        self.controller.store.put(Record(NAMESPACE, "m-000", "fact", "newer", 0.1, 999), "long", "written")
        self.assertEqual(self.all()["damaged"], 1)
        self.assertEqual(self.controller.store.get(NAMESPACE, "m-000").text, "newer")

    def test_half_way_it_fails_and_is_counted(self) -> None:
        self.controller.faults.put({"migration_fails": NAMESPACE})
        self.migration.classify("m", DEFAULT, [NAMESPACE])
        with self.assertRaises(Interrupted):
            self.migration.backfill("m", NAMESPACE)
        report = self.migration.report("m")
        self.assertEqual((report["migrated"], report["missing"], report["complete"]), (5, 5, False))
        self.assertEqual(self.controller.settings.counted("migration_failure"), 5)
        self.controller.faults.put({"migration_fails": ""})
        self.assertEqual(self.migration.backfill("m", NAMESPACE)["written"], 5)
        self.assertTrue(self.migration.report("m")["complete"])

    def test_a_record_without_a_tier_is_not_migrated(self) -> None:
        plan = self.migration.classify("m", {"rules": [{"tier": "long", "kinds": ["fact"]}]}, [NAMESPACE])
        self.assertGreater(plan["unclassified"], 0)
        with self.assertRaisesRegex(Refused, "have no tier"):
            self.migration.backfill("m", NAMESPACE)

    def test_what_is_unknown_is_refused(self) -> None:
        for call in (
            lambda: self.migration.classify("m", DEFAULT, ["nowhere"]),
            lambda: self.migration.plan("none"),
            lambda: self.migration.report("none"),
            lambda: self.migration.backfill("none", NAMESPACE),
        ):
            with self.assertRaises(Refused):
                call()

    def test_damage_is_found_by_the_report(self) -> None:
        self.all()
        self.controller.store.database.connection.execute("UPDATE memories SET text = 'x' WHERE key = 'm-000'")
        self.assertEqual(self.migration.report("m")["damaged"], 18)
        self.controller.store.database.connection.execute("UPDATE memories SET mem_os = '{}' WHERE key = 'm-001'")
        self.assertEqual(self.migration.report("m")["without_metadata"], 18)


if __name__ == "__main__":
    unittest.main()
