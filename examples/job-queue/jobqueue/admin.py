"""The admin subcommands: what they look at, and what they change. All print JSON."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict

from .config import Config
from .resp import Redis
from .store import Queue


def stats(queue: Queue, _: Namespace) -> object:
    """How many jobs are where."""
    lengths = queue.lengths()
    return {**asdict(lengths), "lost": lengths.lost, "toggles": queue.toggles()}


def peek(queue: Queue, options: Namespace) -> object:
    """The next jobs of one priority, or the dead letters; nothing moves."""
    jobs = queue.dead(options.count) if options.dead else queue.peek(options.priority, options.count)
    return [asdict(job) for job in jobs]


def purge_dlq(queue: Queue, options: Namespace) -> object:
    """Drops dead letters: all, or those of one job."""
    return {"purged": queue.purge_dead(options.id)}


def retry_dlq(queue: Queue, _: Namespace) -> object:
    """Gives all dead letters another row of attempts."""
    return {"retried": queue.retry_dead()}


def toggle(queue: Queue, options: Namespace) -> object:
    """Sets one feature toggle on or off."""
    queue.toggle(options.name, options.state)
    return queue.toggles()


def spans(queue: Queue, options: Namespace) -> object:
    """The spans of one trace, as the worker wrote them."""
    try:
        with open(queue.config.tracing_file, encoding="utf-8") as file:
            found = [json.loads(line) for line in file]
    except FileNotFoundError:
        found = []
    return [span for span in found if span["trace"] == options.trace]


def job(queue: Queue, options: Namespace) -> object:
    """Where one job is."""
    return {"id": options.id, "place": queue.place(options.id)}


COMMANDS: dict[str, Callable[[Queue, Namespace], object]] = {
    "stats": stats,
    "peek": peek,
    "purge-dlq": purge_dlq,
    "retry-dlq": retry_dlq,
    "toggle": toggle,
    "spans": spans,
    "job": job,
}


def arguments(parser: ArgumentParser) -> None:
    """The command line of `admin`."""
    commands = parser.add_subparsers(dest="command", required=True)
    parsers = {name: commands.add_parser(name, help=command.__doc__) for name, command in COMMANDS.items()}
    parsers["peek"].add_argument("--priority", default="default")
    parsers["peek"].add_argument("--dead", action="store_true")
    parsers["peek"].add_argument("--count", type=int, default=10)
    parsers["purge-dlq"].add_argument("--id")
    parsers["toggle"].add_argument("name")
    parsers["toggle"].add_argument("state", choices=["on", "off"])
    parsers["spans"].add_argument("trace")
    parsers["job"].add_argument("id")


def run(config: Config, options: Namespace) -> object:
    """Runs one subcommand over a connection of its own."""
    redis = Redis(config.redis_host, config.redis_port, max(2.0, config.redis_timeout_ms / 1000))
    try:
        return COMMANDS[options.command](Queue(redis, config), options)
    finally:
        redis.close()
