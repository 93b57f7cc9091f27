#!/usr/bin/env python3
"""A double of Helm's command line: releases with their revisions and values, in a JSON file.

Written from the documentation of Helm 3 (helm.sh/docs/helm) and what it prints there; it is not Helm, and talks to no
cluster. `HELM_DOUBLE_STATE` names the file, which `seed` makes. `HELM_DOUBLE_FAIL=upgrade:not-ready` makes the
upgrades to values that hold that word fail as `--wait` does when pods do not become ready; `…:in-progress` leaves
the revision pending, as a helm that was killed does.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

Release = dict[str, Any]


class HelmError(Exception):
    """What Helm says on standard error before it exits with 1."""


def main(words: list[str]) -> int:
    """Carries out one command line."""
    file = Path(os.environ["HELM_DOUBLE_STATE"])
    state: dict[str, Release] = json.loads(file.read_text()) if file.exists() else {}
    try:
        print(command(state, words), end="")
    except HelmError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    finally:
        file.write_text(json.dumps(state, indent=1, sort_keys=True) + "\n")
    return 0


def command(state: dict[str, Release], words: list[str]) -> str:
    """What a command prints."""
    options, plain = parsed(words)
    verb = plain.pop(0)
    if verb == "get":
        return values(state, plain[1], options)
    known = {"status": status, "upgrade": upgrade, "install": install, "rollback": rollback}
    known |= {"uninstall": uninstall, "history": history}
    if verb not in known:
        raise HelmError(f'unknown command "{verb}" for "helm"')
    return known[verb](state, plain, options)


ALONE = {"--wait", "--reuse-values", "--all", "--ignore-not-found", "--install"}
TAKING = {"--namespace", "--output", "--set-string", "--timeout", "--version", "--kube-context", "--max"}


def parsed(words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Options with what they were given, and the other words."""
    options: dict[str, list[str]] = {}
    plain: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in TAKING:
            options.setdefault(word, []).append(next(rest))
        elif word in ALONE:
            options.setdefault(word, [])
        elif word.startswith("-"):
            raise HelmError(f"unknown flag: {word}")
        else:
            plain.append(word)
    limit = options.get("--timeout", ["1s"])[-1]
    if not re.fullmatch(r"(\d+(h|m|s|ms))+", limit):
        raise HelmError(f'invalid argument "{limit}" for "--timeout" flag')
    return options, plain


def found(state: dict[str, Release], name: str) -> Release:
    """A release that is there."""
    if name not in state:
        raise HelmError("release: not found")
    return state[name]


def newest(release: Release) -> dict[str, Any]:
    """The newest revision."""
    return release["revisions"][-1]


def status(state: dict[str, Release], plain: list[str], options: dict[str, list[str]]) -> str:
    """`helm status NAME --output json`."""
    last = newest(found(state, plain[0]))
    told = {"name": plain[0], "info": {"status": last["status"]}, "version": last["revision"], "chart": last["chart"]}
    return json.dumps(told) + "\n"


def history(state: dict[str, Release], plain: list[str], options: dict[str, list[str]]) -> str:
    """`helm history NAME --output json`."""
    keys = ("revision", "status", "chart", "description")
    every = [{key: one.get(key) for key in keys} for one in found(state, plain[0])["revisions"]]
    return json.dumps(every) + "\n"


def values(state: dict[str, Release], name: str, options: dict[str, list[str]]) -> str:
    """`helm get values NAME [--all] --output json`; without values it prints `null`."""
    release = found(state, name)
    given = newest(release)["values"]
    whole = merged(release.get("defaults", {}), given) if "--all" in options else given
    return json.dumps(whole or None) + "\n"


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Values over values."""
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def given(options: dict[str, list[str]]) -> dict[str, Any]:
    """What `--set-string` says: `a.b=value,c=d`, where a backslash takes a comma into a value."""
    out: dict[str, Any] = {}
    for text in options.get("--set-string", []):
        for pair in re.findall(r"(?:[^,\\]|\\.)+", text):
            name, sign, value = pair.partition("=")
            if not sign:
                raise HelmError(f'failed parsing --set-string data: key "{name}" has no value')
            *way, last = name.split(".")
            inner: dict[str, Any] = {}
            top = inner
            for key in way:
                inner[key] = {}
                inner = inner[key]
            inner[last] = re.sub(r"\\(.)", r"\1", value)
            out = merged(out, top)
    return out


def revision(release: Release, chart: str, wanted: dict[str, Any], words: str) -> None:
    """A revision more, deployed unless it is made to fail."""
    number = newest(release)["revision"] + 1 if release["revisions"] else 1
    made = {"revision": number, "chart": chart, "values": wanted, "status": "deployed", "description": words}
    verb, _, how = os.environ.get("HELM_DOUBLE_FAIL", "").partition(":")
    failing = verb and words.lower().startswith(verb)
    made["status"] = {"not-ready": "failed", "in-progress": "pending-upgrade"}.get(how, "failed") if failing else "deployed"
    if not failing:
        for one in release["revisions"]:
            one["status"] = "superseded" if one["status"] == "deployed" else one["status"]
    release["revisions"].append(made)
    if failing:
        raise HelmError(f"{verb.upper()} FAILED: context deadline exceeded")


def upgrade(state: dict[str, Release], plain: list[str], options: dict[str, list[str]]) -> str:
    """`helm upgrade NAME CHART`."""
    name, chart = plain
    if name not in state:
        raise HelmError(f'UPGRADE FAILED: "{name}" has no deployed releases')
    release = state[name]
    if newest(release)["status"].startswith("pending"):
        raise HelmError("UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress")
    kept = newest(release)["values"] if "--reuse-values" in options else {}
    revision(release, chart, merged(kept, given(options)), "Upgrade complete")
    return f'Release "{name}" has been upgraded. Happy Helming!\n'


def install(state: dict[str, Release], plain: list[str], options: dict[str, list[str]]) -> str:
    """`helm install NAME CHART`."""
    name, chart = plain
    if name in state:
        raise HelmError("INSTALLATION FAILED: cannot reuse a name that is still in use")
    state[name] = {"defaults": {}, "revisions": []}
    revision(state[name], chart, given(options), "Install complete")
    return f"NAME: {name}\n"


def rollback(state: dict[str, Release], plain: list[str], options: dict[str, list[str]]) -> str:
    """`helm rollback NAME REVISION`: the content of that revision as a new one."""
    release = found(state, plain[0])
    wanted = [one for one in release["revisions"] if str(one["revision"]) == plain[1]]
    if not wanted:
        raise HelmError(f"release has no {plain[1]} version")
    revision(release, wanted[0]["chart"], wanted[0]["values"], f"Rollback to {plain[1]}")
    return "Rollback was a success! Happy Helming!\n"


def uninstall(state: dict[str, Release], plain: list[str], options: dict[str, list[str]]) -> str:
    """`helm uninstall NAME`."""
    if plain[0] not in state and "--ignore-not-found" not in options:
        raise HelmError(f"uninstall: Release not loaded: {plain[0]}: release: not found")
    state.pop(plain[0], None)
    return f'release "{plain[0]}" uninstalled\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
