#!/usr/bin/env python3
"""A double of the script behind the workflow "Run release command checks". Python standard library only.

    run_release_command_checks.py --database-url URL -- COMMAND …

COMMAND is Memoria's command line. On a scratch copy of the database: an export imported elsewhere must give the
same export again; after every migration has run none may be pending; and importing the first export must undo
that. The database itself is only read. Prints one JSON object; exit 1 if a check fails.
MEMORIA_FAULT_RELEASE_CHECKS=parity makes the first check fail, to practise on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_SECONDS = 120


def main(arguments: list[str]) -> int:
    """Runs the checks and says what they found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="release-checks-") as folder:
        results = checks(args.command, args.database_url, Path(folder))
    json.dump(results, sys.stdout)
    print()
    return 0 if all(results.values()) else 1


def checks(command: list[str], database: str, folder: Path) -> dict[str, bool]:
    """Each check by name, and whether it holds."""
    scratch = f"sqlite:///{folder.resolve()}/scratch.db"
    first, second, third = folder / "first.json", folder / "second.json", folder / "third.json"
    memoria(command, database, "export-data", str(first))
    memoria(command, scratch, "import-data", str(first))
    memoria(command, scratch, "export-data", str(second))
    memoria(command, scratch, "migrate", "run", "--all")
    pending = [entry for entry in json.loads(memoria(command, scratch, "migrate", "list", "--json")) if not entry["applied"]]
    memoria(command, scratch, "import-data", str(first))
    memoria(command, scratch, "export-data", str(third))
    broken = os.environ.get("MEMORIA_FAULT_RELEASE_CHECKS") == "parity"
    return {
        "export_import_parity": first.read_bytes() == second.read_bytes() and not broken,
        "migration_parity": not pending,
        "rollback_parity": first.read_bytes() == third.read_bytes(),
    }


def memoria(command: list[str], database: str, *words: str) -> str:
    """What one command prints; a failing one ends the checks."""
    environment = {**os.environ, "DATABASE_URL": database}
    done = subprocess.run(
        [*command, *words], env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS
    )
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
