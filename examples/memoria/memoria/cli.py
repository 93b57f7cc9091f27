"""The documented command line. Results on stdout, complaints on stderr; exit 0, 1 (not done), 2 (usage)."""

import argparse
import contextlib
import json
import os
import sqlite3
import sys

from memoria import archive, database, ingest, migrate, operations
from memoria.errors import MemoriaError, UsageError


def main(argv=None):
    """Runs one command and returns its exit code.

    A command returns its result, and that as text; None if it has said everything already.
    """
    args = _parser().parse_args(argv)
    try:
        result, text = args.command(args)
    except MemoriaError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except sqlite3.Error as error:
        print(f"error: the database says: {error}", file=sys.stderr)
        return 1
    if args.json or text is not None:
        print(json.dumps(result) if args.json else text)
    return 0


def _parser():
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--database-url", metavar="URL", default=os.environ.get("DATABASE_URL"))
    shared.add_argument("--json", action="store_true", help="machine-readable output")
    parser = argparse.ArgumentParser(prog="memoria", description="A practice system: the command line that Memoria documents.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _command(commands, "export-data", _export, shared).add_argument("file")
    _command(commands, "import-data", _import, shared).add_argument("file")
    _command(commands, "bootstrap", _bootstrap, shared)
    migrations = commands.add_parser("migrate").add_subparsers(required=True, metavar="list|run")
    _command(migrations, "list", _list, shared)
    run = _command(migrations, "run", _run, shared)
    run.add_argument("name", nargs="?")
    run.add_argument("--all", action="store_true")
    operations.register(commands, _command, shared, _existing)
    return parser


def _command(commands, name, function, shared):
    parser = commands.add_parser(name, parents=[shared])
    parser.set_defaults(command=function)
    return parser


def _url(args):
    if not args.database_url:
        raise UsageError("no database: give --database-url or set DATABASE_URL")
    return args.database_url


@contextlib.contextmanager
def _existing(args):
    with contextlib.closing(database.open_existing(_url(args))) as db:
        yield db


@contextlib.contextmanager
def _any(args):
    with contextlib.closing(database.open_or_create(_url(args))) as db:
        yield db


def _export(args):
    with _existing(args) as db:
        applied = [entry["name"] for entry in migrate.status(db) if entry["applied"]]
        figures = archive.export_data(db, args.file, applied)
    return figures, f"exported {sum(figures['rows'].values())} rows to {args.file}"


def _import(args):
    with _any(args) as db:
        figures = archive.import_data(args.file, db)
    return figures, f"imported {sum(figures['rows'].values())} rows from {args.file}"


def _bootstrap(args):
    with _existing(args) as db:
        sample = ingest.bootstrap(db)
    return sample, f"ingested sample memory {sample['memory']}, telemetry event {sample['event']}"


def _list(args):
    if not args.database_url:
        entries = migrate.status(None)
    else:
        with _existing(args) as db:
            entries = migrate.status(db)
    lines = [f"{entry['name']:<24}{entry['applied_at'] or 'pending'}" for entry in entries]
    return entries, "\n".join(lines)


def _run(args):
    if args.all == (args.name is not None):
        raise UsageError("migrate run takes the name of one migration, or --all")
    with _any(args) as db:
        done = []
        for name in migrate.run_all(db) if args.all else migrate.run_one(db, args.name):
            done.append(name)
            if not args.json:
                print(f"applied {name}", flush=True)
    return {"applied": done}, None if done else "nothing to do: already applied"


if __name__ == "__main__":
    sys.exit(main())
