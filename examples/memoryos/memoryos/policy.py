"""The classification policy: which tier a legacy record goes to."""

from .errors import Refused
from .records import Record

TIERS = ("short", "mid", "long")
CONDITIONS = ("kinds", "min_importance", "namespaces")
DEFAULT = {
    "rules": [
        {"tier": "long", "kinds": ["fact", "preference"]},
        {"tier": "mid", "kinds": ["event"], "min_importance": 0.5},
        {"tier": "short", "kinds": ["event", "message"]},
    ]
}


def checked(policy: object) -> dict:
    """The policy, or `Refused` with what is wrong in it."""
    if not isinstance(policy, dict) or not isinstance(policy.get("rules"), list):
        raise Refused(422, "a policy is an object with a list `rules`")
    for number, rule in enumerate(policy["rules"], 1):
        _check_rule(number, rule)
    if policy.get("default") not in (None, *TIERS):
        raise Refused(422, f"the default tier is none of {', '.join(TIERS)}: {policy['default']!r}")
    return policy


def _check_rule(number: int, rule: object) -> None:
    if not isinstance(rule, dict) or rule.get("tier") not in TIERS:
        raise Refused(422, f"rule {number} names no tier of {', '.join(TIERS)}")
    unknown = [key for key in rule if key not in ("tier", *CONDITIONS)]
    if unknown:
        raise Refused(422, f"rule {number} has an unknown condition {unknown[0]!r}; known: {', '.join(CONDITIONS)}")
    for name in ("kinds", "namespaces"):
        if not isinstance(rule.get(name, []), list):
            raise Refused(422, f"rule {number}: {name} is a list")
    if not isinstance(rule.get("min_importance", 0), (int, float)):
        raise Refused(422, f"rule {number}: min_importance is a number")


def classify(policy: dict, record: Record) -> str | None:
    """The tier by the first rule that holds, else the default; None where no rule says anything."""
    for rule in policy["rules"]:
        if _holds(rule, record):
            return rule["tier"]
    return policy.get("default")


def _holds(rule: dict, record: Record) -> bool:
    kind = record.kind in rule.get("kinds", [record.kind])
    place = record.namespace in rule.get("namespaces", [record.namespace])
    return kind and place and record.importance >= rule.get("min_importance", 0)
