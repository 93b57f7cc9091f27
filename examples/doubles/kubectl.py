#!/usr/bin/env python3
"""A double of kubectl: deployments with their images, replicas and rollouts, in a JSON file.

Written from the documentation (kubernetes.io/docs/reference/kubectl) and from what a real kubectl prints; it is not
kubectl, and talks to no cluster. `KUBECTL_DOUBLE_STATE` names the file. Its members: `deployments` by name, each with
`containers` (name to image), `replicas` and `generation`; `applied`, the manifests applied last; `bad`, images whose pods never
become ready: a rollout to one does not end, and `rollout status` fails once its time is over.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

State = dict[str, Any]


class KubectlError(Exception):
    """What kubectl says on standard error before it exits with 1."""


def main(words: list[str]) -> int:
    """Carries out one command line."""
    file = Path(os.environ["KUBECTL_DOUBLE_STATE"])
    state: State = json.loads(file.read_text())
    try:
        print(command(state, words))
    except KubectlError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        file.write_text(json.dumps(state, indent=1, sort_keys=True) + "\n")
    return 0


TAKING = {"--namespace", "--output", "--timeout", "--replicas", "--filename", "--for", "--context"}


def parsed(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Options with what they were given, and the other words."""
    options: dict[str, str] = {}
    plain: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in TAKING:
            options[word] = next(rest)
        elif word.startswith("-"):
            raise KubectlError(f"error: unknown flag: {word}")
        else:
            plain.append(word)
    return options, plain


def command(state: State, words: list[str]) -> str:
    """What a command prints."""
    options, plain = parsed(words)
    verb = plain.pop(0)
    if verb in ("set", "rollout"):
        verb = f"{verb} {plain.pop(0)}"
    known = {
        "get": get,
        "set image": set_image,
        "scale": scale,
        "rollout status": rollout_status,
        "rollout restart": rollout_restart,
        "wait": wait,
        "apply": apply,
    }
    if verb not in known:
        raise KubectlError(f'error: unknown command "{verb}" for "kubectl"')
    return known[verb](state, plain, options)


def deployment(state: State, workload: str) -> State:
    """A deployment that is there."""
    kind, _, name = workload.partition("/")
    if kind not in ("deployment", "deploy") or name not in state["deployments"]:
        raise KubectlError(f'Error from server (NotFound): deployments.apps "{name or kind}" not found')
    found: State = state["deployments"][name]
    return found


def is_bad(state: State, one: State) -> bool:
    """Whether its newest pods never become ready."""
    return any(image in state.get("bad", []) for image in one["containers"].values())


def get(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl get deployment/NAME --output json`."""
    one = deployment(state, plain[0])
    ready = 0 if is_bad(state, one) else one["replicas"]
    containers = [{"name": name, "image": image} for name, image in sorted(one["containers"].items())]
    status: State = {"observedGeneration": one["generation"], "replicas": one["replicas"]}
    status |= {"updatedReplicas": one["replicas"], "availableReplicas": ready}
    reason = "ProgressDeadlineExceeded" if is_bad(state, one) else "NewReplicaSetAvailable"
    status["conditions"] = [{"type": "Progressing", "reason": reason}]
    told = {
        "kind": "Deployment",
        "metadata": {"name": plain[0].split("/")[1], "generation": one["generation"]},
        "spec": {"replicas": one["replicas"], "template": {"spec": {"containers": containers}}},
        "status": status,
    }
    return json.dumps(told)


def set_image(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl set image deployment/NAME CONTAINER=IMAGE`."""
    one = deployment(state, plain[0])
    name, _, image = plain[1].partition("=")
    if name not in one["containers"]:
        raise KubectlError(f'error: unable to find container named "{name}"')
    if one["containers"][name] != image:
        one["containers"][name] = image
        one["generation"] += 1
    return f"{plain[0]} image updated"


def scale(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl scale deployment/NAME --replicas N`."""
    one = deployment(state, plain[0])
    one["replicas"] = int(options["--replicas"])
    one["generation"] += 1
    return f"{plain[0]} scaled"


def rollout_status(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl rollout status deployment/NAME`: waits, and fails once its time is over."""
    if is_bad(state, deployment(state, plain[0])):
        raise KubectlError("error: timed out waiting for the condition")
    return f'{plain[0].replace("/", " ")} successfully rolled out'


def rollout_restart(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl rollout restart deployment/NAME`."""
    one = deployment(state, plain[0])
    one["generation"] += 1
    one["restarts"] = one.get("restarts", 0) + 1
    return f"{plain[0]} restarted"


def wait(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl wait deployment/NAME --for condition=Available`."""
    if is_bad(state, deployment(state, plain[0])):
        raise KubectlError(f"error: timed out waiting for the condition on {plain[0]}")
    return f"{plain[0]} condition met"


def apply(state: State, plain: list[str], options: dict[str, str]) -> str:
    """`kubectl apply --filename PATH`: keeps what was applied last."""
    path = Path(options["--filename"])
    if not path.exists():
        raise KubectlError(f'error: the path "{path}" does not exist')
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    state["applied"] = {file.name: file.read_text() for file in files}
    return "\n".join(f"{file.name} configured" for file in files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
