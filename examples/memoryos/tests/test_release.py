"""Modes, stages, mirrored writes, drift, the gate, triggers, fallback, reconciliation."""

import unittest

from support import ControllerTest

from memoryos.cohort import admitted
from memoryos.errors import Refused

NAMESPACE = "acme-1/facts"


class CohortTest(ControllerTest):
    """Who is served how."""

    def test_stages_admit_more_and_more(self) -> None:
        release = self.controller.release
        self.assertEqual(release.set_stage("internal", ["staff"], 0)["admitted"], ["staff-1", "staff-2"])
        few = set(release.set_stage("canary", ["staff"], 0.3)["admitted"])
        more = set(release.set_stage("canary", ["staff"], 0.7)["admitted"])
        everybody = set(release.set_stage("global", ["staff"], 0)["admitted"])
        self.assertTrue({"staff-1", "staff-2"} < few < more < everybody)

    def test_a_canary_grows_by_its_ratio_alone(self) -> None:
        release = self.controller.release
        self.assertRaises(Refused, release.set_canary, 0.3)
        release.set_stage("canary", ["staff"], 0)
        few = set(release.cohort())
        self.assertEqual(release.set_canary(0.7), {"canary_ratio": 0.7})
        self.assertTrue(few < set(release.cohort()))
        self.assertEqual(release.canary(), {"canary_ratio": 0.7})
        for wrong in (1.5, "all", True, None):
            self.assertRaises(Refused, release.set_canary, wrong)

    def test_a_ratio_is_kept_over_many_targets(self) -> None:
        settings = {"stage": "canary", "groups": [], "canary_ratio": 0.2}
        share = sum(admitted(settings, f"t-{number}") for number in range(2000)) / 2000
        self.assertAlmostEqual(share, 0.2, delta=0.03)

    def test_who_is_not_admitted_is_served_by_legacy(self) -> None:
        self.migrated().release.set_mode("dual_run")
        self.controller.release.set_stage("internal", ["staff"], 0)
        self.assertEqual(self.retrieve(1)["mode"], "legacy")
        self.assertEqual(self.retrieve(1, "staff-1/facts")["mode"], "dual_run")
        self.assertEqual(self.controller.drift.summary()["samples"], 1)

    def test_nonsense_is_refused(self) -> None:
        release = self.controller.release
        for call in (
            lambda: release.set_mode("both"),
            lambda: release.set_stage("beta", [], 0),
            lambda: release.set_stage("canary", [], 1.5),
            lambda: release.set_stage("canary", "staff", 0.5),
            lambda: release.set_fallback("yes"),
            lambda: release.freeze(1),
        ):
            with self.assertRaises(Refused):
                call()


class MirrorTest(ControllerTest):
    """Mirrored writes."""

    def test_each_write_reaches_both_stores(self) -> None:
        self.dual_run()
        self.write(NAMESPACE, "new")
        where = self.controller.requests.where(NAMESPACE, "new")
        self.assertEqual(where["legacy"], where["memory_os"])
        self.assertIsNotNone(where["legacy"])

    def test_what_cannot_be_mirrored_waits_and_arrives_in_order(self) -> None:
        self.dual_run().faults.put({"store_down": "memory_os"})
        self.write(NAMESPACE, "new", "first")
        self.write(NAMESPACE, "new", "second")
        self.assertEqual(self.controller.mirror.depth(), 2)
        self.controller.faults.put({"store_down": ""})
        self.controller.mirror.try_queue()
        self.assertEqual(self.controller.store.get(NAMESPACE, "new").text, "second")
        self.assertEqual(self.controller.mirror.depth(), 0)

    def test_a_full_queue_throttles_then_refuses_then_buries(self) -> None:
        self.dual_run().faults.put({"store_down": "memory_os"})
        for number in range(6):
            self.write(NAMESPACE, f"n-{number}")
        with self.assertRaisesRegex(Refused, "overloaded"):
            self.write(NAMESPACE, "n-6")
        counted = self.controller.settings.counted
        self.assertEqual((counted("throttled"), counted("overloaded")), (3, 1))
        self.controller.mirror.try_queue()
        self.assertEqual((self.controller.mirror.depth(), counted("dead_letters")), (0, 6))
        self.assertEqual(len(self.controller.mirror.dead("acme-1")), 6)

    def test_a_write_that_its_own_store_refuses_is_not_kept_anywhere(self) -> None:
        self.dual_run().faults.put({"store_down": "legacy"})
        with self.assertRaises(Refused):
            self.write(NAMESPACE, "new")
        self.assertEqual(self.controller.requests.where(NAMESPACE, "new"), {"legacy": None, "memory_os": None})


class DriftTest(ControllerTest):
    """Drift and the cutover gate."""

    def test_equal_stores_do_not_drift(self) -> None:
        self.dual_run()
        self.retrieve(10)
        self.assertEqual(self.controller.drift.summary(), {"samples": 10, "avg": 0, "max": 0, "verdict": "pass"})

    def test_too_few_samples_never_open_the_gate(self) -> None:
        self.dual_run()
        self.retrieve(9)
        gate = self.controller.release.cutover()
        self.assertEqual((gate["ready"], gate["drift"]["verdict"]), (False, "inconclusive"))
        with self.assertRaisesRegex(Refused, "shut"):
            self.controller.release.set_mode("memory_os")

    def test_a_good_average_with_one_bad_retrieval_fails(self) -> None:
        self.dual_run()
        self.retrieve(200, query="cold")
        self.controller.faults.put({"lose_every": 1})
        self.write(NAMESPACE, "lost", "zebra zebra")
        self.retrieve(1, query="zebra")
        summary = self.controller.drift.summary()
        self.assertLess(summary["avg"], 0.02)
        self.assertEqual((summary["max"], summary["verdict"]), (1.0, "fail"))
        sample = self.controller.drift.listed(differing=True, limit=5)[0]
        self.assertEqual((sample["namespace"], sample["query"]), (NAMESPACE, "zebra"))
        self.assertNotEqual(sample["legacy"], sample["memory_os"])

    def test_order_alone_shows_in_signatures(self) -> None:
        self.dual_run().faults.put({"ranking": True})
        self.retrieve(1, query="note")
        self.assertEqual(len(self.controller.drift.listed(differing=True, limit=5)), 1)

    def test_cutover_needs_everybody_and_a_dual_run(self) -> None:
        self.dual_run()
        self.controller.release.set_stage("canary", [], 0.9)
        self.retrieve(10)
        with self.assertRaisesRegex(Refused, "global"):
            self.controller.release.set_mode("memory_os")
        self.controller.release.set_stage("global", [], 0)
        self.retrieve(10)
        self.assertEqual(self.controller.release.set_mode("memory_os")["mode"], "memory_os")

    def test_frozen_stays_shut_until_the_criteria_pass(self) -> None:
        release = self.dual_run().release
        release.freeze(True)
        with self.assertRaisesRegex(Refused, "inconclusive"):
            release.freeze(False)
        self.retrieve(10)
        with self.assertRaisesRegex(Refused, "frozen"):
            release.set_mode("memory_os")
        self.assertTrue(release.freeze(False)["ready"])


class RollbackTest(ControllerTest):
    """Triggers, fallback, reconciliation, incident."""

    def cut_over(self) -> None:
        self.dual_run()
        self.retrieve(10)
        self.controller.release.set_mode("memory_os")

    def test_a_breach_leads_back_to_legacy(self) -> None:
        self.cut_over()
        self.controller.faults.put({"error_every": 2})
        answer = self.retrieve(12)
        self.assertTrue(answer["fallback"])
        looked = self.controller.release.trigger()
        self.assertEqual((looked["triggered"], self.controller.settings.get("mode")), (True, "memory_os"))
        acted = self.controller.release.evaluate_rollback()
        self.assertEqual((acted["triggered"], acted["mode"]), (True, "legacy"))
        self.assertTrue(self.controller.settings.get("fallback_enabled"))
        self.assertEqual(self.controller.settings.counted("rollback"), 1)
        self.assertFalse(self.controller.release.evaluate_rollback()["triggered"])

    def test_a_slow_store_is_a_breach_too(self) -> None:
        self.cut_over()
        for _ in range(12):
            self.controller.service.served("memory_os", 1.5, failed=False, fell_back=False)
        self.assertRegex(self.controller.release.trigger()["reasons"][0], "latency_p99_ms 1500 is over 1000")

    def test_too_few_requests_trigger_nothing(self) -> None:
        self.cut_over()
        self.controller.faults.put({"error_every": 1})
        self.retrieve(9)
        verdict = self.controller.release.evaluate_rollback()
        self.assertEqual((verdict["triggered"], verdict["snapshot"]["verdict"]), (False, "inconclusive"))

    def test_a_snapshot_can_be_given(self) -> None:
        self.cut_over()
        snapshot = {"requests": 100, "error_rate": 0.5, "latency_p99_ms": 3}
        self.assertTrue(self.controller.release.evaluate_rollback(snapshot)["triggered"])

    def test_fallback_gives_what_legacy_has(self) -> None:
        self.cut_over()
        expected = self.retrieve(1)["results"]
        self.controller.faults.put({"store_down": "memory_os"})
        answer = self.retrieve(1)
        self.assertEqual((answer["fallback"], answer["results"]), (True, expected))
        self.controller.release.set_fallback(False)
        with self.assertRaises(Refused):
            self.retrieve(1)

    def test_reconciliation_brings_the_newer_content_to_both(self) -> None:
        self.cut_over()
        self.controller.faults.put({"lose_every": 1})
        self.write(NAMESPACE, "only-new")
        self.write(NAMESPACE, "m-000", "newer in memory_os")
        self.controller.release.set_mode("legacy")
        self.controller.faults.put({"lose_every": 0})
        self.write(NAMESPACE, "only-legacy")
        self.assertLess(self.controller.reconcile.parity("acme-1")["parity"], 1)
        repairs = self.controller.reconcile.repair("acme-1")
        self.assertEqual((repairs["copied_to_legacy"], repairs["copied_to_memory_os"]), (1, 1))
        self.assertEqual(repairs["replaced_in_legacy"], 1)
        self.assertEqual(self.controller.legacy.get(NAMESPACE, "m-000").text, "newer in memory_os")
        report = self.controller.reconcile.parity("acme-1")
        self.assertEqual((report["parity"], report["retrieval_parity"]), (1, 1))
        self.assertEqual(sum(self.controller.reconcile.repair("acme-1").values()), 0)

    def test_while_an_incident_is_open_legacy_writes_are_mirrored(self) -> None:
        self.cut_over()
        self.controller.release.evaluate_rollback({"requests": 100, "error_rate": 0.5, "latency_p99_ms": 3})
        self.write(NAMESPACE, "meanwhile")
        self.assertEqual(self.controller.reconcile.parity("acme-1")["parity"], 1)
        self.retrieve(10)
        self.controller.release.close_incident()
        self.write(NAMESPACE, "after")
        self.assertEqual(self.controller.reconcile.parity("acme-1")["missing_in_memory_os"], 1)

    def test_an_incident_is_closed_only_when_all_is_well(self) -> None:
        self.cut_over()
        self.controller.faults.put({"lose_every": 1})
        self.write(NAMESPACE, "only-new")
        self.controller.faults.put({"lose_every": 0})
        self.controller.release.evaluate_rollback({"requests": 100, "error_rate": 0.5, "latency_p99_ms": 3})
        release = self.controller.release
        with self.assertRaisesRegex(Refused, "fallback stays on"):
            release.set_fallback(False)
        with self.assertRaisesRegex(Refused, "acme-1"):
            release.close_incident()
        self.controller.reconcile.group("acme")
        with self.assertRaisesRegex(Refused, "not stable"):
            release.close_incident()
        self.retrieve(10)
        self.assertIsNone(release.close_incident()["incident"])


if __name__ == "__main__":
    unittest.main()
