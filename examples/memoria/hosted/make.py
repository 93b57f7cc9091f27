"""What a practice folder holds beside the self-managed deployment: the hosted control plane and its surroundings."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

from hosted import inputs, phases, upgraded
from hosted.deployment import OLD, GA
from memoria.home import TABLES

HERE = Path(__file__).resolve().parent.parent
DOUBLES = HERE.parent / "doubles"
LIMIT_SECONDS = 60
SCENARIOS = [
    "self-managed-ga", "hosted-ga", "hosted-ga-terraform", "rollback", "rollback-terraform", "rollback-pin",
    "distribution", "phase-1-beta", "phase-2-rc", "phase-3-ga",
]
MESSAGES = {
    "customers.md": "Memoria 1.0.0 comes to your region. What happens: ga-launch-announcement.md.\n",
    "change-approval.md": "Change CHG-1: upgrade and way back as in ga-launch-announcement.md.\n",
    "incident-notes.md": "If something goes wrong: the rollback section of ga-launch-announcement.md.\n",
    "highlights.md": "Provenance, search and faster configuration. Migrations 0005 to 0007: see the release notes.\n",
}
POLICIES = {
    "policies": [
        {"name": "no-secrets", "pattern": r"(?i)password\s*[:=]", "action": "block"},
        {"name": "name-the-office", "pattern": r"Zürich", "action": "warn"},
    ]
}
ROSTER = {
    "rotation": {"next": "2026-12-01", "every": "weekly"},
    "levels": [
        {"role": "first line", "on_call": "primary", "contact": "pager:memoria-first"},
        {"role": "second line", "on_call": "secondary", "contact": "pager:memoria-second"},
        {"role": "incident lead", "on_call": "lead", "contact": "phone:memoria-lead"},
    ],
}
TIMERS = [("override-expiry", "1h", "staging"), ("roster-rotation", "24h", "staging")]
LEGACY = [("archive-2023", 180, 0), ("pilot-eu", 42, 0)]
TERRAFORM = """\
# The images of the control plane. `deployed.json` is what the practice services look at.
variable "image_tag" {
  type = string
}

resource "terraform_data" "images" {
  input            = var.image_tag
  triggers_replace = [var.image_tag]

  provisioner "local-exec" {
    command = "printf '{\\"server\\": \\"%s\\", \\"dashboard\\": \\"%s\\"}' \\"$TAG\\" \\"$TAG\\" > ${path.module}/deployed.json"
    environment = { TAG = var.image_tag }
  }
}

output "image_tag" {
  value = terraform_data.images.output
}
"""


def add(folder: Path, scenario: str) -> None:
    """Adds everything; the same every time."""
    shutil.copytree(HERE / "repository", folder / "repository", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "releases" / GA / "config.example.yaml", folder / "repository" / "config.example.yaml")
    for name in ["messages", "governance", "deployment/terraform", "mail", "bundles", "evidence", "doubles"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "operator" / "docs" / "releases").mkdir(parents=True)
    for name, text in MESSAGES.items():
        (folder / "messages" / name).write_text(text, encoding="utf-8")
    _json(folder / "governance" / "policies.json", POLICIES)
    _json(folder / "governance" / "roster.json", ROSTER)
    (folder / "governance" / "runbook.md").write_text("# Governance runbook\n\n## Audit notes\n", encoding="utf-8")
    _databases(folder)
    _deployment(folder, "terraform" if scenario.endswith("-terraform") else "helm")
    _commands(folder)
    if scenario.endswith("-terraform"):
        _terraform(folder)
    inputs.write(folder, scenario, {})
    phases.earlier(folder, scenario)
    if scenario.startswith("rollback"):
        upgraded.upgrade(folder, scenario)


def _databases(folder: Path) -> None:
    for name, tables in TABLES.items():
        db = sqlite3.connect(folder / name)
        db.executescript(tables)
        if name == "governance.db":
            db.executemany("INSERT INTO timers VALUES (?, ?, ?)", TIMERS)
            db.execute("INSERT INTO overrides VALUES ('quiet-hours', '2026-01-01T00:00:00Z', 1)")
        else:
            db.executemany("INSERT INTO legacy VALUES (?, ?, ?)", LEGACY)
        db.commit()
        db.close()


def _deployment(folder: Path, kind: str) -> None:
    place = folder / "deployment"
    (place / "kind").write_text(kind + "\n", encoding="utf-8")
    tags = {"server": {"tag": OLD}, "dashboard": {"tag": OLD}}
    first = {"revision": 1, "chart": "memoria", "values": tags, "status": "deployed", "description": "Install complete"}
    _json(place / "helm.json", {"memoria": {"defaults": {}, "revisions": [first]}})
    (place / "terraform" / "main.tf").write_text(TERRAFORM, encoding="utf-8")


def _terraform(folder: Path) -> None:
    """The module as it was applied for the version before GA; this scenario needs a real Terraform."""
    if shutil.which("terraform") is None:
        sys.exit("error: this scenario needs terraform on the PATH")
    module = f"-chdir={folder}/deployment/terraform"
    for words in (["init", "-input=false"], ["apply", "-input=false", "-auto-approve", f"-var=image_tag={OLD}"]):
        command = [folder / "bin" / "terraform", module, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)


def _commands(folder: Path) -> None:
    """The commands that the runbooks get as inputs, with this folder built in."""
    python = sys.executable
    _command(folder, "memoria-cli", f'PYTHONPATH={_q(HERE)} MEMORIA_HOME="$home" exec {_q(python)} -m memoria.cli "$@"')
    _command(folder, "helm", f'HELM_DOUBLE_STATE="$home/deployment/helm.json" exec {_q(python)} {_q(DOUBLES / "helm.py")} "$@"')
    _command(folder, "terraform", 'unset TF_CLI_CONFIG_FILE; CHECKPOINT_DISABLE=1 exec terraform "$@"')
    _command(folder, "mail", f'exec {_q(python)} {_q(HERE / "bin" / "mail")} "$home" "$@"')


def _command(folder: Path, name: str, line: str) -> None:
    path = folder / "bin" / name
    head = '#!/bin/sh\n# Made by practice.py.\nhome=$(cd "$(dirname "$0")/.." && pwd)\n'
    path.write_text(f"{head}{line}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _q(text: object) -> str:
    return "'" + str(text).replace("'", "'\\''") + "'"


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + os.linesep, encoding="utf-8")
