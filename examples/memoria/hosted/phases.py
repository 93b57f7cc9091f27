"""The inputs of the phased guide's runbooks, and what earlier phases have left where a later one begins."""

import os
import subprocess
from pathlib import Path
from typing import Any

from hosted.deployment import GA

LIMIT_SECONDS = 60
PROVIDERS = ["lexical", "substring"]
EARLIER = {"phase-2-rc": ["beta"], "phase-3-ga": ["beta", "rc"]}


def inputs(home: Path, common: dict[str, Any], served: dict[str, str], tokens: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What each of the three runbooks gets."""
    shared = {
        "command": common["command"], "database": common["database"], "evidence_in": f"{home}/evidence",
        "repository": served["repository"], "github_key": tokens["github_key"], "change": 7, "providers": PROVIDERS,
    }
    shared["guides"] = [f"{home}/repository/scripts/releases/generate_release_guides.py"]
    watched = {"grafana": served["grafana"], "grafana_key": tokens["grafana_key"], "metrics": served["prometheus"]}
    return {
        "phase-1-beta": {**shared, **_beta(home)},
        "phase-2-rc": {**shared, **watched, **_candidate(home)},
        "phase-3-ga": {**shared, **watched, **_general(home, served)},
    }


def _beta(home: Path) -> dict[str, Any]:
    return {
        "namespaces": ["support", "research"], "exports": f"{home}/evidence/policy-enforcement.ndjson",
        "clean": f"{home}/clean.db", "schemas": [11], "retrieval": [12],
    }


def _candidate(home: Path) -> dict[str, Any]:
    """Latency may rise a lot here: a busy machine is no regression, the fault `evaluation=slow` is."""
    return {
        "cli_guide": f"{home}/repository/docs/governance/cli-workflows.md", "pulls": [12],
        "baseline": f"{home}/evidence/evaluation-beta.json", "max_latency": 20.0,
        "burn_in": "1s", "followed": "1m", "beat": "200ms",
    }


def _general(home: Path, served: dict[str, str]) -> dict[str, Any]:
    documents = f"{home}/repository/docs"
    return {
        "release": GA, "drill": [f"{home}/repository/scripts/ci/run_release_command_checks.py"],
        "objectives": f"{documents}/governance/recovery-objectives.json",
        "binaries": f"{home}/distribution/artifacts/memoria-{GA}.tar.gz", "bundles": f"{home}/bundles",
        "lake": f"{home}/lake",
        "announcement": f"{documents}/releases/ga-launch-announcement.md",
        "template": f"{documents}/admin/post_ga_incident_template.md",
        "collector": served["collector"], "legacy": ["archive-2023", "pilot-eu"], "roadmap": 9,
        "logs": ["https://github.example/arca/memoria/actions/runs/1"],
        "mail": [f"{home}/bin/mail"], "list": "maintainers@example.org", "archive": served["archive"],
        "arrives": "30s", "beat": "200ms",
    }


def earlier(folder: Path, scenario: str) -> None:
    """Does what the phases before have done: evaluations of their builds, kept and stored."""
    url = f"sqlite:///{folder.resolve()}/memoria.db"
    for build in EARLIER.get(scenario, []):
        file = str(folder / "evidence" / f"evaluation-{build}.json")
        _memoria(folder, url, "evaluation", "run", "--build", build, "--out", file)
        _memoria(folder, url, "analytics", "store", file)


def _memoria(folder: Path, url: str, *words: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url}
    command = [folder / "bin" / "memoria-cli", *words]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)
