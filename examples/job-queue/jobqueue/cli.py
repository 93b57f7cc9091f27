"""The command line: worker, produce, admin, smoke, bench, check-config."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable

from . import admin
from .config import Config, Invalid, load
from .job import Job, parent
from .producer import GaveUp, NotWell, Producer
from .resp import Refused, Unavailable


def main(words: list[str]) -> int:
    """Exit codes: 0 done, 1 not done, 2 usage or configuration."""
    options = parser().parse_args(words)
    try:
        config = load(options.config, options.set)
    except Invalid as error:
        for mistake in error.mistakes:
            print(f"error: {mistake}", file=sys.stderr)
        return 2
    run: Callable[[Config, argparse.Namespace], int] = options.run
    try:
        return run(config, options)
    except (Unavailable, Refused, GaveUp, NotWell) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="jobqueue", description=__doc__)
    top.add_argument("--config", default=os.environ.get("JOBQUEUE_CONFIG", "jobqueue.toml"))
    top.add_argument("--set", action="append", metavar="SECTION.NAME=VALUE", help="overrides one setting")
    commands = top.add_subparsers(required=True)
    for name, run, arguments in COMMANDS:
        command = commands.add_parser(name, help=run.__doc__)
        command.set_defaults(run=run)
        arguments(command)
    return top


def work(config: Config, options: argparse.Namespace) -> int:
    """Runs a worker until TERM; writes the port of its HTTP side where asked."""
    from .worker import Worker  # only here: its HTTP server takes long to import

    worker = Worker(config, options.version)
    signal.signal(signal.SIGTERM, lambda *_: worker.stopping.set())
    port = worker.serve()
    if options.port_file:
        with open(options.port_file, "w", encoding="utf-8") as file:
            file.write(f"{port}\n")
    worker.run()
    return 0


def produce(config: Config, options: argparse.Namespace) -> int:
    """Puts jobs in; their trace is that of TRACEPARENT, where there is one."""
    trace = parent(os.environ.get("TRACEPARENT"))
    ids = [options.id] if options.count == 1 else [f"{options.id}-{number}" for number in range(options.count)]
    jobs = [Job(name, options.kind, options.priority, {"seconds": options.seconds}) for name in ids]
    if trace:
        jobs = [Job(**{**job.__dict__, "trace": trace[0], "span": trace[1]}) for job in jobs]
    new = Producer(config).send(jobs, options.patience)
    print(json.dumps({"sent": len(jobs), "new": new, "trace": jobs[0].trace, "span": jobs[0].span}))
    return 0


def administer(config: Config, options: argparse.Namespace) -> int:
    """Looks into the queue and changes it."""
    print(json.dumps(admin.run(config, options), indent=2))
    return 0


def try_out(config: Config, options: argparse.Namespace) -> int:
    """Smoke tests: a job of each priority is done, the worker is ready and of the right version."""
    from . import smoke  # only here: the HTTP client takes long to import

    print(json.dumps(smoke.smoke(config, options.url, options.version, options.patience)))
    return 0


def measure(config: Config, options: argparse.Namespace) -> int:
    """Measures jobs a second."""
    from . import smoke

    print(json.dumps(smoke.bench(config, options.count, options.patience)))
    return 0


def check(config: Config, options: argparse.Namespace) -> int:
    """Reads the configuration and says all that is wrong with it."""
    print(f"{options.config}: strategy {config.queue_strategy}, metrics every {config.metrics_interval_ms} ms")
    return 0


def work_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--version", default="0.0.0")
    command.add_argument("--port-file")


def produce_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--id", required=True, help="of the job; several get a number behind it")
    command.add_argument("--count", type=int, default=1)
    command.add_argument("--kind", default="noop", choices=["noop", "sleep", "flaky", "fail"])
    command.add_argument("--priority", default="default")
    command.add_argument("--seconds", type=float, default=0.01, help="that a job of kind `sleep` takes")
    command.add_argument("--patience", type=float, default=30.0, help="seconds to go on trying")


def smoke_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", required=True, help="of the worker's HTTP side")
    command.add_argument("--version")
    command.add_argument("--patience", type=float, default=10.0)


def measure_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--count", type=int, default=200)
    command.add_argument("--patience", type=float, default=30.0)


COMMANDS = (
    ("worker", work, work_arguments),
    ("produce", produce, produce_arguments),
    ("admin", administer, admin.arguments),
    ("smoke", try_out, smoke_arguments),
    ("bench", measure, measure_arguments),
    ("check-config", check, lambda _: None),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
