#!/usr/bin/env python3
"""A release to practise on: two stores, a controller, traffic.

    practice.py FOLDER [--scenario NAME]   makes it afresh; NAME as --list has it (default: migrate)
    practice.py FOLDER --serve             serves it with traffic until standard input closes or TERM
    practice.py FOLDER --dump              prints its whole state
    practice.py --list                     prints the scenarios

A folder that this script made is made anew; any other that is not empty is refused.
"""

import argparse
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from memoryos.controller import Controller  # noqa: E402  (the path comes first)
from memoryos.dump import dump  # noqa: E402
from memoryos.server import Server  # noqa: E402
from memoryos.traffic import Traffic  # noqa: E402
from scenarios import LIMITS, SCENARIOS, make, write_inputs  # noqa: E402

MARKER = ".memoryos-practice"
LONGEST_SECONDS = 3600


def main(arguments: list[str]) -> int:
    """Does what the command line says. 0: done, 2: usage."""
    parser = argparse.ArgumentParser("practice.py", usage=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--scenario", choices=SCENARIOS, default="migrate")
    what = parser.add_mutually_exclusive_group()
    for name in ("serve", "dump", "list"):
        what.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args(arguments)
    if options.list:
        print("\n".join(SCENARIOS))
        return 0
    if options.folder is None:
        parser.error("name a folder")
    if options.serve or options.dump:
        return existing(options)
    return made(options.folder, options.scenario)


def made(folder: Path, scenario: str) -> int:
    """Makes the folder afresh."""
    if not cleared(folder):
        print(f"error: {folder} is not empty and not a practice folder", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("made by examples/memoryos/practice.py\n")
    (folder / "memoryos.toml").write_text(LIMITS)
    controller = Controller(folder)
    make(controller, scenario)
    controller.close()
    write_inputs(folder, scenario, "http://127.0.0.1:1")
    print(f"{folder}: two stores as before {scenario}; serve them with --serve")
    return 0


def cleared(folder: Path) -> bool:
    """Empties an earlier practice folder. False if something else is there."""
    if not folder.exists():
        return True
    if folder.is_dir() and (folder / MARKER).is_file():
        shutil.rmtree(folder)
        return True
    return folder.is_dir() and not any(folder.iterdir())


def existing(options: argparse.Namespace) -> int:
    """Dumps or serves a folder that was made before."""
    if not (options.folder / MARKER).is_file():
        print(f"error: {options.folder} is no practice folder; make it first, without --serve or --dump", file=sys.stderr)
        return 2
    if options.dump:
        sys.stdout.write(dump(options.folder))
        return 0
    return serve(options.folder)


def serve(folder: Path) -> int:
    """Serves until standard input closes, TERM, or an hour has passed."""
    controller = Controller(folder)
    server = Server(controller, os.environ.get("MEMORYOS_TOKEN", "practice-token"))
    write_inputs(folder, (folder / "scenario").read_text(), server.url)
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    controller.start()
    traffic = traffic_of(controller)
    works = [server.serve_forever, lambda: until_closed(over)] + ([traffic.run] if traffic else [])
    for work in works:
        threading.Thread(target=work, daemon=True).start()
    print("ready", flush=True)
    over.wait(LONGEST_SECONDS)
    if traffic:
        traffic.stopped.set()
    server.shutdown()
    return 0


def traffic_of(controller: Controller) -> Traffic | None:
    """The generator that MEMORYOS_TRAFFIC (steady, growing, off) and MEMORYOS_TRAFFIC_RATE (a second) ask for."""
    kind = os.environ.get("MEMORYOS_TRAFFIC", "steady")
    if kind not in ("steady", "growing", "off"):
        sys.exit(f"error: MEMORYOS_TRAFFIC is steady, growing or off, not {kind!r}")
    rate = float(os.environ.get("MEMORYOS_TRAFFIC_RATE", "100"))
    return None if kind == "off" else Traffic(controller, rate, kind == "growing")


def until_closed(over: threading.Event) -> None:
    """Waits for the end of standard input."""
    while sys.stdin.buffer.read(4096):
        pass
    over.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
