"""The configuration: what may be set, and what is said of a file that sets something else."""

import difflib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field

STRATEGIES = ("blmove", "brpoplpush")


class Invalid(Exception):
    """Everything that is wrong with a configuration, one sentence each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass
class Config:
    """All settings with their defaults. Times are in milliseconds; of jobs every nth is a sample."""

    redis_host: str = "127.0.0.1"
    redis_port: int = 6379
    redis_timeout_ms: int = 500
    queue_name: str = "jobs"
    queue_priorities: list[str] = field(default_factory=lambda: ["high", "default", "low"])
    queue_strategy: str = "blmove"
    worker_id: str = "worker-1"
    worker_max_attempts: int = 3
    worker_backoff_ms: int = 200
    worker_poll_ms: int = 100
    worker_heartbeat_ms: int = 2000
    limiter_jobs: int = 500
    limiter_window_ms: int = 1000
    limiter_jitter_ms: int = 20
    breaker_failures: int = 3
    breaker_open_ms: int = 500
    metrics_port: int = 0
    metrics_interval_ms: int = 1000
    metrics_sample_every: int = 1
    tracing_enabled: bool = True
    tracing_file: str = "spans.jsonl"
    tracing_timeout_ms: int = 200


Rule = tuple[Callable[[object], bool], str]

POSITIVE: Rule = (lambda value: isinstance(value, int) and value > 0, "a whole number above 0")
NOT_NEGATIVE: Rule = (lambda value: isinstance(value, int) and value >= 0, "a whole number, 0 or more")
PORT: Rule = (lambda value: isinstance(value, int) and 0 <= value < 65536, "a port from 0 to 65535")
WORD: Rule = (lambda value: isinstance(value, str) and value.strip() != "", "a text that is not empty")

RULES: dict[str, Rule] = {
    "redis_port": PORT,
    "metrics_port": PORT,
    "limiter_jitter_ms": NOT_NEGATIVE,
    "queue_strategy": (lambda value: value in STRATEGIES, f"one of {', '.join(STRATEGIES)}"),
    "queue_priorities": (
        lambda value: isinstance(value, list) and len(value) > 0 and len(set(value)) == len(value),
        "a list of different names, the most urgent first",
    ),
}


def names() -> list[str]:
    """The settings as a file writes them: `section.name`."""
    return [name.replace("_", ".", 1) for name in Config.__dataclass_fields__]


def rule(name: str) -> Rule:
    """What a setting must be: its own rule, or that of its type."""
    if name in RULES:
        return RULES[name]
    return POSITIVE if isinstance(getattr(Config(), name), int) else WORD


def load(path: str, overrides: list[str] | None = None) -> Config:
    """Reads a TOML file; each of `overrides` is `section.name=value`. Raises `Invalid` with all mistakes."""
    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except OSError as error:
        raise Invalid([f"{path}: {error.strerror}; name a file that can be read"]) from error
    except tomllib.TOMLDecodeError as error:
        raise Invalid([f"{path}: not TOML: {error}"]) from error
    flat = flatten(table)
    for line in overrides or []:
        name, _, value = line.partition("=")
        flat[name] = literal(value)
    return build(path, flat)


def flatten(table: dict[str, object]) -> dict[str, object]:
    """`{"redis": {"port": 1}}` as `{"redis.port": 1}`; what stands in no section keeps its name."""
    flat: dict[str, object] = {}
    for section, values in table.items():
        if isinstance(values, dict):
            flat.update({f"{section}.{name}": value for name, value in values.items()})
        else:
            flat[section] = values
    return flat


def literal(text: str) -> object:
    """A value of the command line: as TOML reads it, else as the text that it is."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def build(path: str, flat: dict[str, object]) -> Config:
    """The configuration of these settings, or `Invalid`."""
    mistakes = [mistake for name, value in flat.items() for mistake in wrong(name, value)]
    if mistakes:
        raise Invalid([f"{path}: {mistake}" for mistake in mistakes])
    return Config(**{name.replace(".", "_", 1): value for name, value in flat.items()})  # type: ignore[arg-type]


def wrong(name: str, value: object) -> list[str]:
    """What is wrong with one setting: at most one sentence."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), 1)
        return [f"`{name}` is not a setting" + (f"; did you mean `{near[0]}`?" if near else "")]
    attribute = name.replace(".", "_", 1)
    if isinstance(getattr(Config(), attribute), bool) != isinstance(value, bool):
        kind = "true or false" if not isinstance(value, bool) else rule(attribute)[1]
        return [f"`{name}` is {value!r}, but must be {kind}"]
    if isinstance(value, bool):
        return []
    fits, words = rule(attribute)
    return [] if fits(value) else [f"`{name}` is {value!r}, but must be {words}"]
