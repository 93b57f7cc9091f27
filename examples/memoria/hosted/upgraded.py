"""A deployment that was upgraded some time ago, to go back from: GA runs, and the export of before is kept."""

import os
import subprocess
from pathlib import Path

from hosted.deployment import GA

LIMIT_SECONDS = 60


def upgrade(folder: Path, scenario: str) -> None:
    """Does in the practice folder what an upgrade leaves behind."""
    url = f"sqlite:///{folder.resolve()}/memoria.db"
    _memoria(folder, url, "export-data", str(folder / "backups" / "pre-ga.json"))
    _memoria(folder, url, "migrate", "run", "--all")
    if scenario == "rollback-pin":
        pins = folder / "requirements.txt"
        pins.write_text(pins.read_text(encoding="utf-8").replace("memoria==0.9.4", f"memoria=={GA}"), encoding="utf-8")
        subprocess.run([folder / "bin" / "restart-services"], check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)
    elif scenario == "rollback-terraform":
        module = f"-chdir={folder}/deployment/terraform"
        command = [folder / "bin" / "terraform", module, "apply", "-input=false", "-auto-approve", f"-var=image_tag={GA}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)
    else:
        command = [folder / "bin" / "helm", "upgrade", "memoria", "memoria", "--namespace", "memoria", "--reuse-values"]
        tags = ["--set-string", f"server.tag={GA}", "--set-string", f"dashboard.tag={GA}"]
        subprocess.run([*command, *tags], check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)


def _memoria(folder: Path, url: str, *words: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url}
    command = [folder / "bin" / "memoria-cli", *words]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS)
