#!/usr/bin/env python3
"""A job queue about to be released, to practise on: a git forge, a cluster, a real Redis, two workers.

    practice.py FOLDER [--scenario alpha|beta|rc|v1]   makes it
    practice.py FOLDER --serve                         runs it until standard input closes, or TERM
    practice.py FOLDER --dump                          prints its state
"""

import argparse
import os
import shutil
import signal
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from staging import folder as places  # noqa: E402  (the path comes first)
from staging.dump import dump  # noqa: E402
from staging.product import RELEASES  # noqa: E402
from staging.supervisor import Supervisor  # noqa: E402


def main(words: list[str]) -> int:
    """Exit codes: 0 done, 1 not possible here, 2 usage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--scenario", choices=[*RELEASES], default="alpha")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--dump", action="store_true")
    options = parser.parse_args(words)
    folder = os.path.abspath(options.folder)
    if options.dump:
        print(dump(folder), end="")
        return 0
    return serve(folder) if options.serve else make(folder, options.scenario)


def make(folder: str, scenario: str) -> int:
    faults = {name for name in os.environ.get("JOB_QUEUE_FAULTS", "").split(",") if name}
    unknown = faults - set(places.FAULTS)
    if unknown:
        print(f"error: JOB_QUEUE_FAULTS: no such fault: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    try:
        places.make(folder, scenario, faults)
    except places.NotOurs as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def serve(folder: str) -> int:
    """Runs the system; it ends when whoever started it does."""
    if shutil.which("redis-server") is None:
        print("error: no redis-server (apt install redis-server)", file=sys.stderr)
        return 1
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())

    def watch() -> None:
        while os.read(0, 4096):
            pass
        stopped.set()

    threading.Thread(target=watch, daemon=True).start()
    Supervisor(folder).serve(stopped)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
