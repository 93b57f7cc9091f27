"""The states to practise from, one for each runbook; each is the same every time."""

import random
from pathlib import Path

from memoryos.controller import Controller
from memoryos.policy import DEFAULT
from memoryos.records import Record

TARGETS = ["acme-1", "acme-2", "acme-3", "globex-1", "globex-2", "initech-1", "initech-2", "staff-1", "staff-2"]
KINDS = {"facts": ("fact", "preference"), "chat": ("event", "message")}
PER_NAMESPACE = 10
SUBJECTS = ["the invoice run", "queue 'mail'", "our Zürich office", "the nightly export", "a \"cold\" start"]
SEEN = ["was slow on Monday", "needs a second look;\nsee the thread", "recovered — no loss", "moved to v2"]
IMPACTED = ["acme-1/facts", "globex-2/chat"]

# Limits as small as practice wants them; the defaults are those of production.
LIMITS = """\
drift_min_samples = 20
drift_avg = 0.02
drift_max = 0.10
slo_window = 3
slo_min_requests = 15
slo_p99_ms = 2000
slo_error_rate = 0.01
mirror_attempts = 3
mirror_pause = 0.1
"""


def make(controller: Controller, scenario: str) -> None:
    """Fills fresh stores for a scenario."""
    seed(controller)
    SCENARIOS[scenario](controller)
    (Path(folder_of(controller)) / "scenario").write_text(scenario)


def folder_of(controller: Controller) -> Path:
    """Where the controller keeps its files."""
    path = controller.settings.database.rows("PRAGMA database_list")[0][2]
    return Path(path).parent


def seed(controller: Controller) -> None:
    """The legacy store as years of use left it."""
    chance = random.Random(20250308)
    revision = 0
    with controller.legacy.database.transaction():
        for target in TARGETS:
            for name, kinds in KINDS.items():
                for number in range(PER_NAMESPACE):
                    revision += 1
                    text = f"{chance.choice(SUBJECTS)} {chance.choice(SEEN)} (note {number} of {target})"
                    importance = round(chance.random(), 3)
                    kind = chance.choice(kinds)
                    controller.legacy.put(
                        Record(f"{target}/{name}", f"m-{number:03}", kind, text, importance, revision)
                    )
    controller.requests.revision = revision


def legacy_only(controller: Controller) -> None:
    """Nothing was migrated yet."""


def migrated(controller: Controller) -> None:
    """Everything was migrated; the mode is still legacy."""
    plan = controller.migration.classify("first", DEFAULT, [])
    for namespace in plan["namespaces"]:
        controller.migration.backfill("first", namespace)
    controller.migration.drop("first")


def lagging(controller: Controller) -> None:
    """Everything was migrated, but users went on writing to legacy."""
    migrated(controller)
    write(controller, "staff-1/chat", 10)
    write(controller, "acme-2/facts", 10)


def in_dual_run(controller: Controller) -> None:
    """Everything was migrated; writes are mirrored, and everybody's retrievals are compared."""
    migrated(controller)
    controller.settings.put(mode="dual_run", stage="global")


def cut_over(controller: Controller) -> None:
    """MemoryOS serves everybody."""
    migrated(controller)
    controller.settings.put(mode="memory_os", stage="global")


def failing(controller: Controller) -> None:
    """MemoryOS serves everybody, every third retrieval of it fails, and not every write reached legacy."""
    cut_over(controller)
    lose_writes(controller)
    controller.faults.put({"error_every": 3})


def rolled_back(controller: Controller) -> None:
    """A trigger put the mode back to legacy; writes of that time are in one store only."""
    cut_over(controller)
    lose_writes(controller)
    bury_one(controller)
    for number in range(controller.limits.slo_min_requests):
        controller.service.served("memory_os", 0.01, failed=number % 3 == 0, fell_back=number % 3 == 0)
    controller.release.evaluate_rollback()


def drifting(controller: Controller) -> None:
    """A dual run in which mirrored writes of two namespaces were lost or damaged."""
    in_dual_run(controller)
    lose_writes(controller)
    controller.faults.put({"damage_every": 1})
    write(controller, "globex-2/chat", 60)
    controller.faults.put({"damage_every": 0})


def lose_writes(controller: Controller) -> None:
    """Memories that the mirror lost on their way to the other store."""
    controller.faults.put({"lose_every": 1})
    for place, namespace in enumerate(IMPACTED):
        write(controller, namespace, 20 * (place + 1))
    controller.faults.put({"lose_every": 0})


def write(controller: Controller, namespace: str, start: int) -> None:
    """Some memories, by the request path."""
    for number in range(start, start + 4):
        text = f"{SUBJECTS[number % 5]} {SEEN[number % 4]} during the release, note {number}"
        controller.requests.write(Record(namespace, f"r-{number:03}", "event", text, 0.9, 0))


def bury_one(controller: Controller) -> None:
    """A mirrored write that legacy refused until it was given up."""
    controller.faults.put({"store_down": "legacy"})
    write(controller, "initech-1/chat", 80)
    for _ in range(controller.limits.mirror_attempts):
        controller.mirror.try_queue()
    controller.faults.put({"store_down": ""})


SCENARIOS = {
    "migrate": legacy_only,
    "dual-run": lagging,
    "rollout": migrated,
    "slo-breach": failing,
    "drift-regression": drifting,
    "reconcile": rolled_back,
    "in-dual-run": in_dual_run,
    "in-memory-os": cut_over,
}
INPUTS = {
    "migrate": """\
[policy]
rules = [
  {{ tier = "long", kinds = ["fact", "preference"] }},
  {{ tier = "mid", kinds = ["event"], min_importance = 0.5 }},
  {{ tier = "short", kinds = ["event", "message"] }},
]
""",
    "dual-run": """\
groups = ["acme", "globex", "initech", "staff"]
min_samples = 20
poll = "100ms"
within = "60s"

[policy]
rules = [{{ tier = "mid", kinds = ["event"] }}]
default = "long"
""",
    "rollout": """\
groups = ["staff"]
ratios = [0.3, 0.7]
min_samples = 20
poll = "100ms"
within = "60s"
soak = "300ms"
watch = "100ms"
high_traffic = "1s"
""",
    "slo-breach": """\
targets = ["acme-1", "globex-2"]
poll = "100ms"
within = "60s"
soak = "300ms"
""",
    "drift-regression": """\
namespaces = ["acme-1/facts", "globex-2/chat"]
min_samples = 20
poll = "100ms"
within = "60s"

[policy]
rules = [{{ tier = "mid", kinds = ["event"] }}]
default = "long"
""",
    "reconcile": """\
groups = ["acme", "globex", "initech", "staff"]
poll = "100ms"
within = "60s"
soak = "300ms"
""",
}


def write_inputs(folder: Path, scenario: str, api: str) -> None:
    """The inputs files: one for each runbook, and that of the scenario (else of the rollout) as `inputs.toml`.

    Beside them who may approve while practising, without signatures.
    """
    own = scenario if scenario in INPUTS else "rollout"
    for name, text in INPUTS.items():
        whole = f'api = "{api}"\n' + text.format(folder=folder.resolve())
        (folder / f"{name}.inputs.toml").write_text(whole)
        if name == own:
            (folder / "inputs.toml").write_text(whole)
    (folder / "bowline.toml").write_text('approvals = "unsigned"\n\n[groups]\nrelease = ["ana", "bo"]\n')
