"""The release controller: modes, stages, the cutover gate, rollback triggers, the incident."""

from .cohort import admitted
from .drift import Drift
from .errors import Refused
from .reconcile import Reconcile
from .settings import MODES, STAGES, Settings
from .slo import Service


class Release:
    """Decides which mode may be entered, and leaves one that fails its users."""

    def __init__(self, settings: Settings, drift: Drift, service: Service, reconcile: Reconcile) -> None:
        self.settings, self.drift, self.service, self.reconcile = settings, drift, service, reconcile

    def state(self) -> dict:
        """Everything that is set, and whether the cutover may be done."""
        named = {name: value for name, value in self.settings.all().items() if name != "faults"}
        return named | {"cutover_ready": self.cutover()["ready"]}

    def cutover(self) -> dict:
        """The cutover gate: shut while frozen, and while the drift criteria do not pass."""
        drift, frozen = self.drift.summary(), self.settings.get("cutover_frozen")
        return {"ready": drift["verdict"] == "pass" and not frozen, "frozen": frozen, "drift": drift}

    def set_mode(self, mode: str) -> dict:
        """Enters a mode. memory_os only out of dual_run, for everybody, through the gate; legacy always."""
        before = self.settings.all()
        if mode not in MODES:
            raise Refused(422, f"{mode!r} is none of the modes {', '.join(MODES)}")
        if mode == "memory_os" and before["mode"] != mode:
            self._may_cut_over(before)
        if mode != before["mode"]:
            self.settings.put(mode=mode)
            self._measure_anew()
        return self.state()

    def _may_cut_over(self, before: dict) -> None:
        if before["mode"] != "dual_run" or before["stage"] != "global":
            raise Refused(409, f"cutover is from dual_run in stage global, not {before['mode']} in {before['stage']}")
        gate = self.cutover()
        if not gate["ready"]:
            why = "it is frozen" if gate["frozen"] else f"drift is {gate['drift']}"
            raise Refused(409, f"the cutover gate is shut: {why}")

    def set_stage(self, stage: str, groups: list[str], ratio: float) -> dict:
        """Admits a cohort; drift and service are measured anew for it."""
        if stage not in STAGES:
            raise Refused(422, f"{stage!r} is none of the stages {', '.join(STAGES)}")
        _share(ratio)
        if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
            raise Refused(422, "groups is a list of names")
        self.settings.put(stage=stage, groups=groups, canary_ratio=ratio)
        self._measure_anew()
        return self.state() | {"admitted": self.cohort()}

    def set_canary(self, ratio: float) -> dict:
        """Lets the canary grow or shrink; drift and service are measured anew for it."""
        if self.settings.get("stage") != "canary":
            raise Refused(409, f"there is no canary in stage {self.settings.get('stage')}")
        self.settings.put(canary_ratio=_share(ratio))
        self._measure_anew()
        return self.canary()

    def canary(self) -> dict:
        """The share of the targets outside the groups that a canary admits."""
        return {"canary_ratio": self.settings.get("canary_ratio")}

    def cohort(self) -> list[str]:
        """The targets that the stage admits."""
        settings = self.settings.all()
        return [target for target in self.reconcile.targets() if admitted(settings, target)]

    def set_fallback(self, enabled: object) -> dict:
        """Lets retrieval fall back to legacy, or not. Not switched off during an incident."""
        if not isinstance(enabled, bool):
            raise Refused(422, "enabled is true or false")
        if not enabled and self.settings.get("incident"):
            raise Refused(409, "fallback stays on until the incident is closed")
        self.settings.put(fallback_enabled=enabled)
        return self.state()

    def freeze(self, frozen: object) -> dict:
        """Freezes the cutover, or lets it depend on its criteria again, which must pass then."""
        if not isinstance(frozen, bool):
            raise Refused(422, "frozen is true or false")
        verdict = self.drift.summary()["verdict"]
        if not frozen and self.settings.get("cutover_frozen") and verdict != "pass":
            raise Refused(409, f"the cutover stays frozen: the drift criteria are {verdict}, not pass")
        self.settings.put(cutover_frozen=frozen)
        return self.cutover()

    def trigger(self, snapshot: dict | None = None) -> dict:
        """Looks whether a rollback is called for, by a snapshot or by the live one; changes nothing."""
        mode = self.settings.get("mode")
        snapshot = self.service.judged(snapshot or self.service.snapshot(mode))
        triggered = mode == "memory_os" and snapshot["verdict"] == "fail"
        return {"triggered": triggered, "mode": mode, "snapshot": snapshot, "reasons": snapshot["reasons"]}

    def evaluate_rollback(self, snapshot: dict | None = None) -> dict:
        """The same, and acts on it: mode legacy, fallback on, an incident open."""
        verdict = self.trigger(snapshot)
        if verdict["triggered"]:
            targets = self.cohort()
            self.settings.put(
                mode="legacy",
                fallback_enabled=True,
                incident={"reasons": verdict["reasons"], "targets": targets},
            )
            self.settings.count("rollback")
            self._measure_anew()
        return verdict | {"mode": self.settings.get("mode")}

    def close_incident(self) -> dict:
        """Closes the incident once parity and service are both restored."""
        incident = self.settings.get("incident")
        if incident:
            apart = [name for name in incident["targets"] if not self._agrees(name)]
            if apart:
                raise Refused(409, f"the stores do not agree yet about {', '.join(apart)}")
            verdict = self.service.judged(self.service.snapshot(self.settings.get("mode")))["verdict"]
            if verdict != "pass":
                raise Refused(409, f"the service is not stable yet: {verdict}")
            self.settings.put(incident=None)
        return self.state()

    def _agrees(self, target: str) -> bool:
        report = self.reconcile.parity(target)
        return report["parity"] == 1 and report["retrieval_parity"] == 1

    def _measure_anew(self) -> None:
        self.drift.restart()
        self.service.restart()


def _share(ratio: object) -> float:
    """A share of targets, from 0 to 1."""
    if isinstance(ratio, bool) or not isinstance(ratio, (int, float)) or not 0 <= ratio <= 1:
        raise Refused(422, f"the canary ratio is between 0 and 1, not {ratio!r}")
    return ratio
