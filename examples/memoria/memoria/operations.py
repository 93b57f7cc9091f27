"""The command line of governance, telemetry, evaluation and analytics: arguments in, results out.

What the phased guide asks for and does not spell: the words are this practice system's.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from memoria import analytics, evaluation, governance, telemetry
from memoria.errors import MemoriaError

Add = Callable[..., argparse.ArgumentParser]
Open = Callable[[argparse.Namespace], Any]


def register(commands: Any, command: Add, shared: argparse.ArgumentParser, existing: Open) -> None:
    """Adds every group of commands; `existing` opens the database of memories that the arguments name."""

    def group(name: str) -> Callable[[str, Callable], argparse.ArgumentParser]:
        inner = commands.add_parser(name).add_subparsers(required=True, metavar="COMMAND")
        return lambda word, function: command(inner, word, _told(function), shared)

    _policy(group("policy"), existing)
    _roster_and_schedule(group("roster"), group("schedule"))
    _telemetry(group("telemetry"), existing)
    _evaluation(group("evaluation"), existing)
    _analytics(group("analytics"), existing)


def _told(function: Callable[[argparse.Namespace], Any]) -> Callable:
    """A command's result is shown as JSON either way; `--out` keeps it in a file too."""

    def run(args: argparse.Namespace) -> tuple[Any, str]:
        result = function(args)
        text = json.dumps(result, indent=2, ensure_ascii=False)
        if getattr(args, "out", None):
            _write(args.out, text + "\n")
        return result, text

    return run


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise MemoriaError(f"cannot write {path}: {error.strerror}") from error


def _policy(add: Callable, existing: Open) -> None:
    def dry_run(args: argparse.Namespace) -> Any:
        with existing(args) as db:
            return governance.dry_run(db, args.namespace)

    parser = add("dry-run", dry_run)
    parser.add_argument("namespace")
    parser.add_argument("--out")
    add("trace", lambda args: governance.trace(args.trace_id)).add_argument("trace_id")
    add("controls", lambda args: governance.controls())


def _roster_and_schedule(roster: Callable, schedule: Callable) -> None:
    roster("verify", lambda args: governance.verify_roster()).add_argument("--out")
    schedule("list", lambda args: governance.timers())
    parser = schedule("set", lambda args: governance.set_timer(args.name, args.every, args.environment))
    parser.add_argument("name")
    parser.add_argument("--every", required=True)
    parser.add_argument("--environment", default="staging")
    schedule("remove", lambda args: governance.remove_timer(args.name)).add_argument("name")
    run = schedule("run", lambda args: governance.run_job(args.name))
    run.add_argument("name")
    run.add_argument("--out")
    schedule("outcomes", lambda args: governance.outcomes(args.name)).add_argument("name")


def _telemetry(add: Callable, existing: Open) -> None:
    def export(args: argparse.Namespace) -> Any:
        with existing(args) as db:
            return telemetry.export(db, args.sink)

    parser = add("enable", lambda args: telemetry.enable(args.sink, args.to))
    parser.add_argument("sink")
    parser.add_argument("--to", required=True)
    add("disable", lambda args: telemetry.disable(args.sink)).add_argument("sink")
    add("list", lambda args: telemetry.sinks())
    add("export", export).add_argument("sink")


def _evaluation(add: Callable, existing: Open) -> None:
    def run(args: argparse.Namespace) -> Any:
        with existing(args) as db:
            return evaluation.run(db, args.build, [name for name in args.providers.split(",") if name])

    parser = add("run", run)
    parser.add_argument("--build", required=True)
    parser.add_argument("--providers", default=",".join(evaluation.SEARCH))
    parser.add_argument("--out")
    parser = add("compare", lambda a: evaluation.compare(a.baseline, a.build, a.latency, a.cost, a.quality))
    parser.add_argument("baseline")
    parser.add_argument("build")
    parser.add_argument("--latency", type=float, required=True)
    parser.add_argument("--cost", type=float, required=True)
    parser.add_argument("--quality", type=float, required=True)
    parser.add_argument("--out")


def _analytics(add: Callable, existing: Open) -> None:
    def adoption(args: argparse.Namespace) -> Any:
        with existing(args) as db:
            return analytics.adoption(db)

    add("adoption", adoption).add_argument("--out")
    parser = add("publish", lambda args: analytics.publish(args.name, args.file))
    parser.add_argument("name")
    parser.add_argument("file")
    add("unpublish", lambda args: analytics.unpublish(args.name)).add_argument("name")
    add("published", lambda args: analytics.published())
    add("store", lambda args: analytics.store(args.file)).add_argument("file")
    parser = add("parquet", lambda args: analytics.as_parquet(args.file, args.to))
    parser.add_argument("file")
    parser.add_argument("to")
    add("unstore", lambda args: analytics.unstore(args.build)).add_argument("build")
    add("trends", lambda args: analytics.trends()).add_argument("--out")
    add("legacy", lambda args: analytics.legacy())
    parser = add("backfill", lambda args: analytics.backfill(args.deployment, args.undo))
    parser.add_argument("deployment")
    parser.add_argument("--undo", action="store_true")
