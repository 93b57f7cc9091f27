"""The command line `memoryos`: each command is one request to the controller."""

import argparse
import json
import os
import sys
import tomllib
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

USAGE = """
memoryos release                         mode, stage, cohort, fallback, cutover, incident
memoryos mode [MODE]                     shows or sets legacy, dual_run, memory_os
memoryos stage STAGE [--group G]… [--ratio R]
memoryos canary [RATIO]                  shows or sets the ratio of the canary
memoryos fallback on|off
memoryos cutover [freeze|open]           the cutover gate
memoryos drift [samples|restart]         summary, differing samples, begin anew
memoryos slo [MODE]                      live snapshot with its verdict
memoryos evaluate-rollback [--look]      acts on the live snapshot, or only looks
memoryos migrate classify NAME POLICY.toml [NAMESPACE]…
memoryos migrate plan|report|drop NAME
memoryos migrate backfill|undo NAME NAMESPACE
memoryos reconcile start TARGET… | status ID
memoryos reconcile-post-rollback GROUP
memoryos reconcile-target TARGET         parity report
memoryos incident [close]
memoryos faults [NAME=VALUE]…            values are JSON
memoryos remember NAMESPACE KEY KIND TEXT | recall NAMESPACE QUERY
"""
Asked = tuple[str, str, dict | None]


def main(arguments: list[str] | None = None) -> int:
    """Asks the controller. 0: done, 1: refused or not reachable, 2: usage."""
    parser = argparse.ArgumentParser("memoryos", usage=USAGE)
    parser.add_argument("--api", default=os.environ.get("MEMORYOS_API", "http://127.0.0.1:8480"))
    parser.add_argument("--group", action="append", default=[])
    parser.add_argument("--ratio", type=float, default=0)
    parser.add_argument("--look", action="store_true")
    parser.add_argument("words", nargs="+")
    options = parser.parse_args(arguments)
    try:
        asked = request(options)
    except (ValueError, OSError) as reason:
        parser.error(str(reason) or "see the usage")
    return ask(options.api, asked)


def request(options: argparse.Namespace) -> Asked:
    """What the words ask for. `ValueError` where they make no sense."""
    match options.words:
        case ["release" | "drift" | "cutover" | "incident" | "faults" | "slo" as what]:
            return "GET", f"/{what}", None
        case ["mode"]:
            return "GET", "/release", None
        case ["mode", mode]:
            return "PUT", "/release/mode", {"mode": mode}
        case ["stage", stage]:
            return "PUT", "/release/stage", {"stage": stage, "groups": options.group, "canary_ratio": options.ratio}
        case ["canary"]:
            return "GET", "/release/canary", None
        case ["canary", ratio]:
            return "PUT", "/release/canary", {"canary_ratio": float(ratio)}
        case ["fallback", "on" | "off" as way]:
            return "PUT", "/release/fallback", {"enabled": way == "on"}
        case ["cutover", "freeze" | "open" as way]:
            return "PUT", "/cutover", {"frozen": way == "freeze"}
        case ["drift", "samples"]:
            return "GET", "/drift/samples?differing=true", None
        case ["drift", "restart"]:
            return "POST", "/drift/restart", {}
        case ["slo", mode]:
            return "GET", "/slo?" + urlencode({"mode": mode}), None
        case ["evaluate-rollback"]:
            return ("GET", "/rollback-trigger", None) if options.look else ("POST", "/evaluate-rollback", {})
        case ["incident", "close"]:
            return "DELETE", "/incident", None
        case ["faults", *pairs]:
            return "PUT", "/faults", {name: json.loads(value) for name, value in (pair.split("=", 1) for pair in pairs)}
        case _:
            return data_request(options.words)


def data_request(given: list[str]) -> Asked:
    """The commands about memories: migration, reconciliation, single ones."""
    match given:
        case ["migrate", "classify", name, policy, *namespaces]:
            rules = tomllib.loads(Path(policy).read_text())
            return "PUT", f"/migrations/{part(name)}", {"policy": rules, "namespaces": namespaces}
        case ["migrate", "plan" | "report" | "drop" as what, name]:
            tail = "/report" if what == "report" else ""
            return ("DELETE" if what == "drop" else "GET"), f"/migrations/{part(name)}{tail}", None
        case ["migrate", "backfill" | "undo" as what, name, namespace]:
            method = "PUT" if what == "backfill" else "DELETE"
            return method, f"/migrations/{part(name)}/namespaces/{part(namespace)}", None
        case ["reconcile", "start", *targets] if targets:
            return "POST", "/reconciliations", {"targets": targets}
        case ["reconcile", "status", number]:
            return "GET", f"/reconciliations/{part(number)}", None
        case ["reconcile-post-rollback", group]:
            return "POST", f"/groups/{part(group)}/reconcile-post-rollback", {}
        case ["reconcile-target", target]:
            return "GET", f"/targets/{part(target)}/parity", None
        case ["remember", namespace, key, kind, text]:
            return "POST", "/memories", {"namespace": namespace, "key": key, "kind": kind, "text": text}
        case ["recall", namespace, query]:
            return "GET", "/memories?" + urlencode({"namespace": namespace, "query": query}), None
        case _:
            raise ValueError(f"there is no command {' '.join(given)!r}")


def part(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def ask(api: str, asked: Asked) -> int:
    """Sends the request, prints the answer."""
    method, path, body = asked
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ.get('MEMORYOS_TOKEN', '')}"}
    try:
        connection = HTTPConnection(urlsplit(api).netloc, timeout=60)
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    except (OSError, HTTPException) as reason:
        print(f"error: {api} does not answer: {reason}; is the controller running there?", file=sys.stderr)
        return 1
    if answer.status >= 400:
        print(f"error: {said(text)}", file=sys.stderr)
        return 1
    print(json.dumps(json.loads(text), indent=2))
    return 0


def said(text: str) -> str:
    """What the controller said about an error."""
    try:
        return json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return text.strip()
