"""What Prometheus scrapes, in its text format."""

from collections.abc import Iterator

from .controller import Controller
from .settings import MODES
from .slo import BUCKETS, OUTCOMES

GAUGES = {
    "latency_p50_ms": "Median latency of the window, in milliseconds.",
    "latency_p95_ms": "95th percentile of latency in the window, in milliseconds.",
    "latency_p99_ms": "99th percentile of latency in the window, in milliseconds.",
    "error_rate": "Share of requests in the window whose own path failed.",
}
COUNTERS = {
    "throttled": "Writes that had to wait for the queue.",
    "overloaded": "Writes refused because the queue is full.",
    "dead_letters": "Mirrored writes that were given up.",
    "fallback": "Retrievals that fell back to legacy.",
    "rollback": "Rollbacks that a trigger caused.",
}


def exposition(controller: Controller) -> str:
    """All metrics. What was not measured yet is not there, rather than 0."""
    parts = (_service(controller), _totals(controller), _durations(controller), _control(controller), _drift(controller))
    return "\n".join(line for part in parts for line in part) + "\n"


def _service(controller: Controller) -> Iterator[str]:
    snapshots = [controller.service.snapshot(mode) for mode in MODES]
    for name, text in GAUGES.items():
        yield from _head(name, "gauge", text)
        for snapshot in snapshots:
            if snapshot[name] is not None:
                yield f'memoryos_{name}{{mode="{snapshot["mode"]}"}} {snapshot[name]:.10g}'


def _totals(controller: Controller) -> Iterator[str]:
    yield from _head("requests_total", "counter", "Requests by mode and by whether their own path answered.")
    for mode in MODES:
        for outcome in OUTCOMES:
            total = controller.service.totals[(mode, outcome)]
            yield f'memoryos_requests_total{{mode="{mode}",outcome="{outcome}"}} {total}'


def _durations(controller: Controller) -> Iterator[str]:
    name = "memoryos_request_duration_seconds"
    yield from _head("request_duration_seconds", "histogram", "How long requests took.")
    for mode in MODES:
        counts, below = controller.service.histogram[mode], 0
        for bound, count in zip((*BUCKETS, "+Inf"), counts):
            below += count
            yield f'{name}_bucket{{mode="{mode}",le="{bound}"}} {below}'
        yield f'{name}_sum{{mode="{mode}"}} {controller.service.seconds[mode]:.6f}'
        yield f'{name}_count{{mode="{mode}"}} {below}'


def _control(controller: Controller) -> Iterator[str]:
    yield from _head("queue_depth", "gauge", "Mirrored writes that wait.")
    yield f"memoryos_queue_depth {controller.mirror.depth()}"
    for name, text in COUNTERS.items():
        yield from _head(f"{name}_total", "counter", text)
        yield f"memoryos_{name}_total {controller.settings.counted(name)}"
    yield from _head("migration_records_total", "counter", "Records that a migration handled, by outcome.")
    for outcome in ("success", "failure"):
        total = controller.settings.counted(f"migration_{outcome}")
        yield f'memoryos_migration_records_total{{outcome="{outcome}"}} {total}'
    yield from _head("mode", "gauge", "1 for the mode that is set.")
    for mode in MODES:
        yield f'memoryos_mode{{mode="{mode}"}} {int(controller.settings.get("mode") == mode)}'


def _drift(controller: Controller) -> Iterator[str]:
    summary = controller.drift.summary()
    yield from _head("drift_samples", "gauge", "Retrievals compared since the measurement began.")
    yield f"memoryos_drift_samples {summary['samples']}"
    for part, text in (("avg", "Average"), ("max", "Greatest")):
        yield from _head(f"drift_{part}", "gauge", f"{text} share of results that only one store gave.")
        if summary[part] is not None:
            yield f"memoryos_drift_{part} {summary[part]:.10g}"


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP memoryos_{name} {text}"
    yield f"# TYPE memoryos_{name} {kind}"
