"""Metrics in the text format of Prometheus. Labels are few and fixed, so that series cannot explode."""

import threading

BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)
BOUNDS = (*map(str, BUCKETS), "+Inf")
SERIES_LIMIT = 200
Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counters, gauges and histograms by name and labels; safe to use from several threads."""

    def __init__(self, sample_every: int = 1) -> None:
        """Of what histograms are given only every `sample_every`th is observed."""
        self.sample_every, self._given = sample_every, 0
        self.lock = threading.Lock()
        self.kinds: dict[str, str] = {}
        self.values: dict[tuple[str, Labels], float] = {}

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Adds to a counter."""
        self._add(name, "counter", amount, labels)

    def gauge(self, name: str, value: float, **labels: str) -> None:
        """Sets a gauge."""
        with self.lock:
            self.kinds[name] = "gauge"
            self._store((name, key(labels)), value)

    def histogram(self, name: str, **labels: str) -> None:
        """Makes a histogram that has seen nothing yet."""
        self.kinds[name] = "histogram"
        for suffix, more in [("_bucket", {"le": bucket}) for bucket in BOUNDS] + [("_sum", {}), ("_count", {})]:
            self._add(name + suffix, "", 0, {**labels, **more})

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Puts one observation into a histogram, if it is one of the sample."""
        with self.lock:
            self._given += 1
            if self._given % self.sample_every:
                return
        self.kinds[name] = "histogram"
        for bucket in BOUNDS:
            self._add(f"{name}_bucket", "", float(seconds <= float(bucket)), {**labels, "le": bucket})
        self._add(f"{name}_sum", "", seconds, labels)
        self._add(f"{name}_count", "", 1, labels)

    def text(self) -> str:
        """All of it, as a scrape reads it."""
        with self.lock:
            lines = [f"# TYPE {name} {kind}" for name, kind in sorted(self.kinds.items())]
            lines += [f"{name}{braces(labels)} {value:g}" for (name, labels), value in sorted(self.values.items())]
        return "\n".join(lines) + "\n"

    def _add(self, name: str, kind: str, amount: float, labels: dict[str, str]) -> None:
        with self.lock:
            if kind:
                self.kinds.setdefault(name, kind)
            series = (name, key(labels))
            self._store(series, self.values.get(series, 0.0) + amount)

    def _store(self, series: tuple[str, Labels], value: float) -> None:
        """Beyond the limit new series are dropped and counted: the old ones go on."""
        if series in self.values or len(self.values) < SERIES_LIMIT:
            self.values[series] = value
        else:
            dropped = ("metrics_series_dropped_total", ())
            self.values[dropped] = self.values.get(dropped, 0.0) + 1


def key(labels: dict[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


def braces(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else ""
