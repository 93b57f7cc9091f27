#!/usr/bin/env python3
"""Makes a folder to practise on: Memoria deployments before GA, self-managed and hosted, and the release beside them.

    python3 examples/memoria/practice.py DIR [--scenario NAME]   makes it
    python3 examples/memoria/practice.py DIR --serve             starts the servers of the hosted control plane
    python3 examples/memoria/practice.py DIR --dump              prints its whole state, without times and places

Made the same every time: nothing in it depends on the clock or on chance. A folder that this script made
is made anew; any other that is not empty is refused. `--serve` makes the folder where there is none, writes
`DIR/RUNBOOK.inputs.toml` for every runbook, prints `ready`, and ends when its standard input closes, TERM comes or an hour has passed.
A scenario is named after the runbook that it is made for: each begins where that runbook does.
"""

import argparse
import gzip
import hashlib
import io
import json
import math
import os
import random
import shutil
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, HERE)

from dump import dump  # noqa: E402  (the path comes first)
from hosted import make as hosted_make, served  # noqa: E402
from memoria import migrate  # noqa: E402
from memoria.catalogue import BEFORE_GA  # noqa: E402
from memoria.database import connect  # noqa: E402

MARKER = ".memoria-practice"
OLD, GA = "0.9.4", "1.0.0"
MEMORIES, EVENTS = 240, 400
NAMESPACES = ["support", "research", "Zoë's notes"]
SUBJECTS = ["The invoice run", "Queue 'mail'", "Our Zürich office", "The nightly export", "A \"cold\" start"]
EVENTS_SEEN = ["was slow on Monday", "needs a second look;\nsee the thread", "recovered — no loss", "moved to v2"]


def main(arguments):
    """Does to the folder what the options say."""
    args = parsed(arguments)
    made = os.path.isfile(os.path.join(args.folder, MARKER))
    if args.dump and not made:
        print(f"error: {args.folder} is no practice folder; make it first", file=sys.stderr)
        return 2
    if args.dump:
        sys.stdout.write(dump(args.folder))
        return 0
    if not (args.serve and made):
        if not clear(args.folder):
            print(f"error: {args.folder} is not empty and not a practice folder", file=sys.stderr)
            return 2
        make(args.folder, args.scenario)
    if args.serve:
        return served.serve(Path(args.folder))
    print(f"{args.folder}: Memoria {OLD} with {MEMORIES} memories; release {GA} is staged in distribution/")
    return 0


def parsed(arguments):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--scenario", choices=hosted_make.SCENARIOS, default=hosted_make.SCENARIOS[0])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--serve", action="store_true")
    what.add_argument("--dump", action="store_true")
    return parser.parse_args(arguments)


def make(folder, scenario=hosted_make.SCENARIOS[0]):
    """The whole practice folder; the marker goes first, so that a broken-off one can be made anew."""
    os.makedirs(folder, exist_ok=True)
    write(folder, MARKER, b"made by examples/memoria/practice.py\n")
    shutil.copytree(os.path.join(HERE, "deployment"), folder, dirs_exist_ok=True)
    os.makedirs(os.path.join(folder, "backups"))
    stage_releases(os.path.join(folder, "distribution"))
    subprocess.run(
        [os.path.join(folder, "bin", "restart-services")], check=True, stdout=subprocess.DEVNULL
    )
    make_database(os.path.join(folder, "memoria.db"))
    hosted_make.add(Path(folder), scenario)


def clear(folder):
    """Empties an earlier practice folder. False if something else is there."""
    if not os.path.exists(folder):
        return True
    if not os.path.isdir(folder):
        return False
    if os.path.isfile(os.path.join(folder, MARKER)):
        shutil.rmtree(folder)
        return True
    return not os.listdir(folder)


def make_database(path, memories=MEMORIES):
    """A database as 0.9.4 left it: the last few migrations are pending."""
    db = connect(path)
    for number, name in enumerate(BEFORE_GA, 1):
        list(migrate.run_one(db, name, now=f"2024-0{number}-15T08:30:00Z"))
    db.execute("BEGIN")
    seed(db, random.Random(20240915), memories)
    db.execute("COMMIT")
    db.close()


def seed(db, chance, memories):
    """Memories with all that makes exports hard: quotes, newlines, NULL, BLOB, fractions, gaps in numbers."""
    db.executemany("INSERT INTO namespaces (name) VALUES (?)", [(name,) for name in NAMESPACES])
    db.executemany(
        "INSERT INTO sources (uri) VALUES (?)", [(f"https://wiki.example/page/{n}",) for n in range(12)]
    )
    for number in range(1, memories + 1):
        insert_memory(db, number, chance)
    for number in range(EVENTS):
        kind = "ingest.stored" if chance.random() < 0.8 else "search.served"
        memory = 1 + int(chance.random() * memories)
        db.execute(
            "INSERT INTO telemetry_events (kind, memory_id, created_at) VALUES (?, ?, ?)",
            (kind, memory, stamp(number * 3)),
        )
    # Forgotten memories leave gaps, the newest one too: its number must never be given again.
    db.execute("DELETE FROM embeddings WHERE memory_id % 17 = 0 OR memory_id = ?", (memories,))
    db.execute("DELETE FROM memories WHERE id % 17 = 0 OR id = ?", (memories,))


def insert_memory(db, number, chance):
    subject = SUBJECTS[int(chance.random() * len(SUBJECTS))]
    seen = EVENTS_SEEN[int(chance.random() * len(EVENTS_SEEN))]
    metadata = None if number % 7 == 0 else f"lang={'de' if number % 3 else 'en'};channel=mail;part={number}"
    db.execute(
        "INSERT INTO memories (namespace_id, body, importance, created_at, source_id, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            1 + number % len(NAMESPACES),
            f"{subject} {seen} (note {number})",
            None if number % 11 == 0 else chance.random(),
            stamp(number * 5),
            None if number % 4 == 0 else 1 + number % 12,
            metadata,
        ),
    )
    vector = [chance.random() * 2 - 1 for _ in range(8)]
    norm = math.sqrt(sum(part * part for part in vector))
    db.execute("INSERT INTO embeddings VALUES (?, 'mini-8', ?, ?)", (number, struct.pack("<8f", *vector), norm))


def stamp(minutes):
    """A time in the first half of 2024."""
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return f"2024-05-{1 + days % 28:02}T{hour:02}:{minute:02}:00Z"


def stage_releases(folder):
    """The mirror of the distribution registry: both releases, GA's images and evidence, checksums of all."""
    assets = [
        ("container image", f"images/server-{GA}.tar", b"placeholder for the server image\n"),
        ("container image", f"images/dashboard-{GA}.tar", b"placeholder for the dashboard image\n"),
        ("signed artifact", f"artifacts/memoria-{GA}.tar.gz", release_artifact(GA)),
        ("signature", f"artifacts/memoria-{GA}.tar.gz.sig", b"placeholder: nothing here signs\n"),
        ("evidence pack", f"evidence/sox-{GA}.json", b'{"controls": []}\n'),
        ("evidence pack", f"evidence/gdpr-{GA}.json", b'{"controls": []}\n'),
    ]
    for _, path, data in assets:
        write(folder, path, data)
    manifest = {
        "release": GA,
        "assets": [{"kind": kind, "path": path, "sha256": digest(data)} for kind, path, data in assets],
    }
    manifest_text = (json.dumps(manifest, indent=2) + "\n").encode()
    write(folder, "manifest.json", manifest_text)
    old_path, old = f"artifacts/memoria-{OLD}.tar.gz", release_artifact(OLD)
    write(folder, old_path, old)
    files = [(path, data) for _, path, data in assets] + [("manifest.json", manifest_text), (old_path, old)]
    sums = "".join(f"{digest(data)}  {path}\n" for path, data in files)
    write(folder, "SHA256SUMS", sums.encode())


def release_artifact(version):
    """A release as a tarball; it carries the default configuration of that version."""
    with open(os.path.join(HERE, "releases", version, "config.example.yaml"), "rb") as file:
        data = file.read()
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo(f"memoria-{version}/config.example.yaml")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def write(folder, path, data):
    target = os.path.join(folder, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
