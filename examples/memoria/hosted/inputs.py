"""The inputs of each runbook for a practice folder: real paths, the servers' ports, short waits.

The tokens are made up and open nothing but the practice servers.
"""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hosted import phases
from hosted.deployment import GA, OLD

ADMIN_TOKEN = "practice-admin-token"
MIRROR_TOKEN = "practice-mirror-token"
GRAFANA_TOKEN = "practice-grafana-token"
GITHUB_TOKEN = "practice-github-token"
PAGE_KEY = "practice-statuspage-key"
PULL_TOKEN = "practice-registry-token"
TOKENS = {"github_key": GITHUB_TOKEN, "grafana_key": GRAFANA_TOKEN}
BEAT = "200ms"
WINDOW = "Memoria GA 1.0.0, practice"


def write(folder: Path, scenario: str, served: dict[str, str]) -> None:
    """Writes `RUNBOOK.inputs.toml` for every runbook, and a `bowline.toml` with people and the chat channel.

    Without servers only those runbooks get their inputs that need none.
    """
    (folder / "scenario").write_text(scenario + "\n", encoding="utf-8")
    for name, values in all_inputs(folder.resolve(), served).items():
        text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
        (folder / f"{name}.inputs.toml").write_text(text, encoding="utf-8")
    (folder / "bowline.toml").write_text(
        'approvals = "unsigned"\n\n[groups]\nrelease-managers = ["ana", "bo", "cy"]\n'
        'governance = ["ana", "bo", "dee"]\n\n'
        f'[channels]\nmemoria-release = {{ url = "{served.get("chat", "http://127.0.0.1:9")}" }}\n',
        encoding="utf-8",
    )


def all_inputs(home: Path, served: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What each runbook gets."""
    database = f"sqlite:///{home}/memoria.db"
    common = {"database": database, "backups": f"{home}/backups", "command": [f"{home}/bin/memoria-cli"]}
    result = {"self-managed-ga": _self_managed(home, common)}
    if served:
        result |= {
            "hosted-ga": _hosted(home, common, served),
            "rollback": _rollback(home, common, served),
            "distribution": _distribution(home, served),
            **phases.inputs(home, common, served, TOKENS),
        }
    return result


def _told(home: Path) -> dict[str, Any]:
    """The announcement, and who was told of it."""
    messages = [f"{home}/messages/{name}.md" for name in ("customers", "change-approval", "incident-notes")]
    return {"announcement": f"{home}/repository/docs/releases/ga-launch-announcement.md", "messages": messages}


def _self_managed(home: Path, common: dict[str, Any]) -> dict[str, Any]:
    return {
        **common, **_told(home),
        "release": GA, "room": "16MiB", "distribution": f"{home}/distribution",
        "requirements": f"{home}/requirements.txt", "config": f"{home}/config.yaml",
        "defaults": f"{home}/config.example.yaml", "bootstrap": [f"{home}/bin/memoria-cli", "bootstrap"],
        "restart": [f"{home}/bin/restart-services"], "running": ["cat", f"{home}/run/version"],
    }


def _deploy(home: Path) -> dict[str, Any]:
    return {
        "deploy": _deployed_with(home),
        "helm_command": [f"{home}/bin/helm"], "helm_chart": "memoria",
        "terraform_command": [f"{home}/bin/terraform"], "terraform_module": f"{home}/deployment/terraform",
    }


def _hosted(home: Path, common: dict[str, Any], served: dict[str, str]) -> dict[str, Any]:
    return {
        **common, **_deploy(home), **_told(home),
        "region": "practice", "release": GA, "begins": _at(0), "ends": _at(2),
        "distribution": f"{home}/distribution", "room": "16MiB",
        "admin": served["admin"], "token": ADMIN_TOKEN, "images": served["images"], "pull": PULL_TOKEN,
        "page": served["page"], "page_key": PAGE_KEY, **_mail(home, served),
        "highlights": f"{home}/messages/highlights.md",
        "repository": served["repository"], "github_key": GITHUB_TOKEN,
        "followed": "1m", "beat": BEAT, "settles": "30s", "steady": "600ms", "normal": 20,
    }


def _rollback(home: Path, common: dict[str, Any], served: dict[str, str]) -> dict[str, Any]:
    return {
        **common, **_deploy(home),
        "previous": OLD, "export": f"{home}/backups/pre-ga.json", "notes_in": f"{home}/governance/runbook.md",
        "reapply": ["0004_lookup_indexes"],
        "restart": [f"{home}/bin/restart-services"], "running": ["cat", f"{home}/run/version"],
        "pins": f"{home}/requirements.txt",
        "admin": served["admin"], "token": ADMIN_TOKEN, "beat": BEAT, "settles": "30s",
    }


def _distribution(home: Path, served: dict[str, str]) -> dict[str, Any]:
    return {
        "release": GA, "announcement": f"{home}/repository/docs/releases/ga-launch-announcement.md",
        "guides": [f"{home}/repository/scripts/releases/generate_release_guides.py"],
        "bundle": f"{home}/bundles/governance.tar.gz",
        "repository": served["repository"], "github_key": GITHUB_TOKEN,
        "mirrors": [served["mirror"] + "/eu/memoria/1.0.0", served["mirror"] + "/us/memoria/1.0.0"],
        "mirror_key": MIRROR_TOKEN,
        "page": served["page"], "page_key": PAGE_KEY, "window": WINDOW, **_mail(home, served),
        "operators": [f"{home}/operator/docs/releases"], "arrives": "30s", "beat": BEAT,
    }


def _mail(home: Path, served: dict[str, str]) -> dict[str, Any]:
    return {"mail": [f"{home}/bin/mail"], "list": "governance@example.org", "archive": served["archive"]}


def _at(hours: int) -> str:
    """So many hours from now."""
    return (datetime.now(timezone.utc) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _deployed_with(home: Path) -> str:
    """What says which version runs: `helm`, `terraform`, or the `pin` of a self-managed deployment."""
    if (home / "scenario").read_text(encoding="utf-8").strip() == "rollback-pin":
        return "pin"
    return (home / "deployment" / "kind").read_text(encoding="utf-8").strip()
