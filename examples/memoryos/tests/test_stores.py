"""Both stores, each by its own means, find the same; the policy classifies."""

import unittest

from support import ControllerTest

from memoryos.errors import Refused
from memoryos.policy import DEFAULT, checked, classify
from memoryos.records import Record, group_of, target_of


def record(kind: str = "event", importance: float = 0.5) -> Record:
    return Record("acme-1/facts", "k", kind, "text", importance, 1)


class StoresTest(ControllerTest):
    """Retrieval and content."""

    def test_equal_content_is_found_alike(self) -> None:
        self.migrated()
        for namespace in self.controller.legacy.namespaces():
            for query in ("the second look", "queue mail", "zürich", "nothing of that", "", "note 3 of acme"):
                old = self.controller.legacy.search(namespace, query, 5)
                new = self.controller.store.search(namespace, query, 5)
                self.assertEqual([one.key for one in old], [one.key for one in new], (namespace, query))

    def test_an_unchanged_write_changes_nothing(self) -> None:
        first = self.write("acme-1/facts", "k")
        self.assertEqual(self.write("acme-1/facts", "k"), first)
        self.assertGreater(self.write("acme-1/facts", "k", "other")["revision"], first["revision"])

    def test_a_removed_memory_is_found_no_more(self) -> None:
        self.migrated()
        self.controller.requests.forget("acme-1/facts", "m-000")
        found = self.controller.store.search("acme-1/facts", "acme", 100)
        self.assertNotIn("m-000", [one.key for one in found])
        self.assertIsNone(self.controller.legacy.get("acme-1/facts", "m-000"))

    def test_places(self) -> None:
        self.assertEqual(target_of("acme-1/facts"), "acme-1")
        self.assertEqual(group_of("big-corp-1"), "big-corp")


class PolicyTest(unittest.TestCase):
    """Classification."""

    def test_the_first_rule_that_holds_counts(self) -> None:
        self.assertEqual(classify(DEFAULT, record("fact")), "long")
        self.assertEqual(classify(DEFAULT, record("event", 0.5)), "mid")
        self.assertEqual(classify(DEFAULT, record("event", 0.4)), "short")
        self.assertIsNone(classify(DEFAULT, record("dream")))
        self.assertEqual(classify({"rules": [], "default": "mid"}, record()), "mid")

    def test_what_is_wrong_is_said(self) -> None:
        wrong = [
            [], {}, {"rules": 1}, {"rules": [{}]}, {"rules": [{"tier": "deep"}]},
            {"rules": [{"tier": "long", "kind": "fact"}]}, {"rules": [{"tier": "long", "kinds": "fact"}]},
            {"rules": [{"tier": "long", "min_importance": "much"}]}, {"rules": [], "default": "deep"},
        ]
        for policy in wrong:
            with self.assertRaises(Refused, msg=policy):
                checked(policy)


if __name__ == "__main__":
    unittest.main()
