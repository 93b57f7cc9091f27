"""Practice switches of the hosted control plane and its tools: which fault is on.

A fault is switched on by an environment variable (`MEMORIA_FAULT_QUEUE=stuck`) or, while servers run, by a
line in `faults.json` of the practice folder (`{"queue": "stuck"}`). README.md lists them all.
"""

import json
import os
from pathlib import Path

PREFIX = "MEMORIA_FAULT_"
FILE = "faults.json"


def active(name: str, home: Path | None = None) -> str | None:
    """The kind of fault that is on under this name, or None."""
    wanted = os.environ.get(PREFIX + name.upper())
    return wanted if wanted else _from_file(home or home_folder()).get(name)


def home_folder() -> Path:
    """The folder that holds Memoria's own state: MEMORIA_HOME, or the working folder."""
    return Path(os.environ.get("MEMORIA_HOME") or ".")


def _from_file(home: Path) -> dict[str, str]:
    try:
        faults = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return faults if isinstance(faults, dict) else {}
