"""A test double of kubectl's command line: `apply -f FILE|FOLDER`, `get deployment NAME -o json`, `rollout status`.

Recorded from kubectl's documentation. The cluster is a JSON file; manifests are JSON, which kubectl takes as
well as YAML. What stands there is run by the practice system's supervisor.
"""

import json
import os
import sys
from typing import Any

from . import state


def main(cluster: str, words: list[str]) -> int:
    """Exit code 0, or 1 with a message in kubectl's manner."""
    match words:
        case ["apply", "-f", path]:
            return apply(cluster, path)
        case ["get", "deployment", name, "-o", "json"]:
            return show(cluster, name)
        case ["rollout", "status", target, *_] if target.startswith("deployment/"):
            return rollout(cluster, target.removeprefix("deployment/"))
    print(f"error: unknown command {' '.join(words)!r} (this is a double)", file=sys.stderr)
    return 1


def manifests(path: str) -> list[str]:
    """The file itself, or the manifests in a folder."""
    if os.path.isdir(path):
        return [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".json")]
    return [path] if os.path.isfile(path) else []


def apply(cluster: str, path: str) -> int:
    """Puts every manifest into the cluster."""
    files = manifests(path)
    if not files:
        print(f'error: the path "{path}" does not exist or holds no manifest', file=sys.stderr)
        return 1
    for file in files:
        manifest = state.read(file)
        name = f"{manifest['kind'].lower()}/{manifest['metadata']['name']}"
        with state.changing(cluster) as known:
            change = "unchanged" if known.get(name) == manifest else "configured" if name in known else "created"
            known[name] = manifest
        print(f"{name} {change}")
    return 0


def find(cluster: str, name: str) -> Any:
    found = state.read(cluster).get(f"deployment/{name}")
    if found is None:
        print(f'Error from server (NotFound): deployments.apps "{name}" not found', file=sys.stderr)
    return found


def show(cluster: str, name: str) -> int:
    found = find(cluster, name)
    if found is not None:
        print(json.dumps(found))
    return int(found is None)


def rollout(cluster: str, name: str) -> int:
    found = find(cluster, name)
    if found is not None:
        print(f'deployment "{name}" successfully rolled out')
    return int(found is None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
