"""Makes the practice folder, and writes what runbooks need to know of it."""

import json
import os
import shutil
import socket
import sys

from . import forge, product, state

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
MARKER = ".job-queue-practice"
FAULTS = ("ci-red", "vulnerable", "cve", "stale-docs", "open-stories", "bad-release")
CONFIG = """[redis]
port = {port}
timeout_ms = 300

[queue]
name = "{name}"

[worker]
id = "{name}-1"
backoff_ms = 20
poll_ms = 20
heartbeat_ms = 600

[breaker]
open_ms = 200

[metrics]
port = {metrics}
interval_ms = 100

[tracing]
file = "{spans}"
"""
PEOPLE = """# Who may approve while practising, and where notices go.
approvals = "unsigned"

[groups]
release = ["ana"]
qa = ["bo"]
observability = ["cy"]
sre = ["di"]
platform = ["eli"]

[channels]
release = {{ run = ["tee", "-a", "{folder}/channel-release.txt"] }}
stakeholders = {{ run = ["tee", "-a", "{folder}/channel-stakeholders.txt"] }}
"""


class NotOurs(Exception):
    """The folder holds something else."""


def clear(folder: str) -> None:
    """Empties a folder that was made here before; any other that is not empty is refused."""
    if os.path.isfile(os.path.join(folder, MARKER)):
        shutil.rmtree(folder)
    if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise NotOurs(f"{folder} is not empty and not a practice folder")


def make(folder: str, scenario: str, faults: set[str]) -> None:
    """Everything but the processes: the same for the same scenario and faults."""
    clear(folder)
    os.makedirs(os.path.join(folder, "redis"))
    os.makedirs(os.path.join(folder, "manifests"))
    with open(os.path.join(folder, MARKER), "w", encoding="utf-8") as file:
        file.write("made by examples/job-queue/practice.py\n")
    head = product.make(folder, scenario, "stale-docs" in faults)
    release, prior = product.RELEASES[scenario]
    make_state(folder, head, release, prior, faults)
    state.write(os.path.join(folder, "scenario.json"), {"scenario": scenario, "release": release, "prior": prior,
                                                        "bad": "bad-release" in faults})
    forge.install_hook(folder)
    with open(os.path.join(folder, "bowline.toml"), "w", encoding="utf-8") as file:
        file.write(PEOPLE.format(folder=folder))
    configure(folder, 0)


def make_state(folder: str, head: str, release: str, prior: str, faults: set[str]) -> None:
    """What forge, cluster, tracker, scanners and registry know at the start."""
    red = "ci/race" if "ci-red" in faults else None
    statuses = [{"context": suite, "state": "failure" if suite == red else "success"} for suite in product.SUITES]
    cve = {"VulnerabilityID": "CVE-2026-0001", "PkgName": "example.org/yaml", "Severity": "HIGH"}
    minor = {"VulnerabilityID": "CVE-2026-0002", "PkgName": "example.org/text", "Severity": "LOW"}
    tracked = {"stories": [{"id": 7, "title": "Reaper", "state": "in progress"}]} if "open-stories" in faults else {}
    values = {
        "forge": {"statuses": {head: statuses}, "protection": {}, "releases": {}},
        "cluster": {"deployment/queue-worker": product.manifest(prior)},
        "tracker": {release: tracked},
        "scans": {
            "govulncheck": ["GO-2026-0001"] if "vulnerable" in faults else [],
            "dependencies": [minor, cve] if "cve" in faults else [minor],
        },
        "images": {f"registry.example.org/queue:{version}": "sha256:" + "0" * 64 for version in (release, prior)},
        "announcements": {"state": "paused"},
        "wanted": {"redis": "on", "slow": 0, "kill": 0},
        "actual": {},
    }
    for name, value in values.items():
        state.write(os.path.join(folder, f"{name}.json"), value)


def configure(folder: str, redis: int) -> None:
    """The configuration of both workers: `jobs` is deployed, `candidate` is what is about to be released."""
    for name in ("jobs", "candidate"):
        with open(os.path.join(folder, f"{name}.toml"), "w", encoding="utf-8") as file:
            spans = os.path.join(folder, f"{name}.spans.jsonl")
            file.write(CONFIG.format(port=redis, name=name, metrics=0, spans=spans))


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(name: str) -> list[str]:
    """How one of the commands in `bin/` is called: by this interpreter, and without what slows its start."""
    return [sys.executable, "-I", "-S", os.path.join(HERE, "bin", name)]


def inputs(folder: str, repo: str, ports: dict[str, int]) -> dict[str, dict[str, object]]:
    """The inputs of every runbook, by its name. Waits are short."""
    scenario = state.read(os.path.join(folder, "scenario.json"))
    queue, tool = command("job-queue"), command("staging")
    release = scenario["release"]
    candidate = {
        "queue": [*queue, "--config", os.path.join(folder, "candidate.toml")],
        "worker": f"http://127.0.0.1:{ports['candidate']}",
    }
    repository = {
        "repo": repo,
        "clone": os.path.join(folder, "work"),
        "govulncheck": [*tool, "govulncheck", folder, "./..."],
        "scanner": [*tool, "scan", folder],
    }
    chaos = {
        "stop_redis": [*tool, "chaos", folder, "redis", "off"],
        "start_redis": [*tool, "chaos", folder, "redis", "on"],
        "slow_down": [*tool, "chaos", folder, "slow", "400"],
        "speed_up": [*tool, "chaos", folder, "slow", "0"],
        "kill_worker": [*tool, "chaos", folder, "kill"],
        "jobs": 100,
        "outage": "700ms",
    }
    common = {
        **candidate,
        **repository,
        "release": release,
        "prior": scenario["prior"],
        "deployed": [*queue, "--config", os.path.join(folder, "jobs.toml")],
        "deployed_worker": f"http://127.0.0.1:{ports['jobs']}",
        "kubectl": [*tool, "kubectl", os.path.join(folder, "cluster.json")],
        "manifests": os.path.join(folder, "manifests"),
        "freeze": "200ms",
        "poll": "500ms",
        "settle": "10s",
    }
    def tracker(what: str) -> list[str]:
        return [*tool, "tracker", folder, what, release]

    return {
        "alpha": {**common, "backlog": tracker("stories")},
        "beta": {**common, "retro": tracker("retro"), "bench_jobs": 100, "throughput": 10},
        "rc": {**common, **chaos, "branch": "rc-0.9", "bugs": tracker("bugs")},
        "v1": {
            **common,
            **chaos,
            "acceptance": tracker("acceptance"),
            "issues": tracker("issues"),
            "image": [*tool, "image", folder, f"registry.example.org/queue:{release}"],
            "announcements": [*tool, "announcements", folder],
            "matrix": [suite for suite in product.SUITES if suite.startswith("ci/matrix")],
        },
        "chaos": {**candidate, **chaos, "settle": "10s"},
        "acceptance": {**candidate, **repository, "release": release},
    }


def write_inputs(folder: str, repo: str, ports: dict[str, int]) -> None:
    """One TOML file for each runbook."""
    for runbook, values in inputs(folder, repo, ports).items():
        with open(os.path.join(folder, f"{runbook}.inputs.toml"), "w", encoding="utf-8") as file:
            # A JSON text, list or number is a TOML one as well.
            file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    scenario = state.read(os.path.join(folder, "scenario.json"))["scenario"]
    shutil.copy(os.path.join(folder, f"{scenario}.inputs.toml"), os.path.join(folder, "inputs.toml"))
