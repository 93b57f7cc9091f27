"""Who is in the cohort that the stage admits, and so which mode a request is served in."""

import hashlib

from .records import group_of, target_of


def bucket(target: str) -> float:
    """A place between 0 and 1 that a target always has: growing a ratio only adds targets."""
    return int(hashlib.sha256(target.encode()).hexdigest()[:8], 16) / 2**32


def admitted(settings: dict, target: str) -> bool:
    """Whether the stage admits the target: internal groups always, in a canary also that share of the others."""
    if settings["stage"] == "global":
        return True
    ratio = settings["canary_ratio"] if settings["stage"] == "canary" else 0
    return group_of(target) in settings["groups"] or bucket(target) < ratio


def mode_for(settings: dict, namespace: str) -> str:
    """The mode in which a request about that namespace is served."""
    return settings["mode"] if admitted(settings, target_of(namespace)) else "legacy"
