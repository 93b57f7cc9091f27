"""The history of the product's repository, up to the commit that is about to be released."""

import json
import os

from .git import git

# Each release with the one before it: what a rollback comes back to.
RELEASES = {"alpha": ("0.4.0-alpha", "0.3.0"), "beta": ("0.7.0-beta", "0.4.0-alpha"),
            "rc": ("0.9.0-rc", "0.7.0-beta"), "v1": ("1.0.0", "0.9.0-rc")}
SUITES = ["ci/unit", "ci/integration", "ci/race", "ci/dequeue-order", "ci/rate-limiter", "ci/e2e", "ci/chaos", "ci/govulncheck", "ci/dependency-scan",
          "ci/matrix go1.22", "ci/matrix go1.23"]

PRIORITIES = """# Prioritised dequeue

A job of a more urgent priority is taken before any of a less urgent one that waits at that moment; within a
priority the oldest comes first. The worker asks the lists in order with RPOPLPUSH, and when all are empty it blocks
for a moment on the most urgent one, with the strategy that `queue.strategy` names: `blmove` or `brpoplpush`.

Guarantees: at least once; a job is in exactly one list at any moment; an urgent job waits for at most one running
job and one turn of the loop. Not guaranteed: an order between workers.
"""
PERFORMANCE = """# Performance

## Baseline

One worker, one Redis on the same machine: several hundred empty jobs a second (`job-queue bench`).

## Tuning

Raise `limiter.jobs` first, then add workers. `worker.poll_ms` is what an urgent job waits at most on an idle worker.

## Capacity

Jobs a second grow with the workers until Redis is busy; the lists are its only state, a kilobyte a job.
"""
OPERATIONS = """# Operating the queue {version}

Drain: stop producers, wait for `queue_length` to reach 0. Dead letters: `admin peek --dead`, then `admin retry-dlq`
or `admin purge-dlq`. While Redis is away the breaker is open and `/readyz` answers 503; nothing needs to be done.
"""
DASHBOARDS = """# Dashboards

`queue_length` by queue, `jobs_processed_total` and `jobs_failed_total` as rates, `job_seconds` as quantiles,
`breaker_state`. Alert on `queue_length{queue="dead"}` above 0 and on the breaker being open for a minute.
"""


def files(version: str) -> dict[str, str]:
    """What the repository holds at a version."""
    return {
        "README.md": f"# Queue\n\nA prioritised job queue. This is {version}.\n",
        "CHANGELOG.md": f"# Changelog\n\n## {version}\n\n- What this release brings.\n",
        "GA-CHECKLIST.md": "# GA checklist\n\n- [x] documents\n- [x] operations\n",
        "docs/PRD.md": f"# Product requirements\n\nScope of {version}.\n",
        "docs/ops-guide.md": OPERATIONS.format(version=version),
        "docs/priorities.md": PRIORITIES,
        "docs/performance.md": PERFORMANCE,
        "docs/dashboards.md": DASHBOARDS,
        "examples/deployment/compose.yaml": f"services:\n  worker:\n    image: registry.example.org/queue:{version}\n",
        "deploy/queue-worker.json": json.dumps(manifest(version), indent=2) + "\n",
    }


def manifest(version: str) -> dict[str, object]:
    """The deployment of a version."""
    container = {"name": "worker", "image": f"registry.example.org/queue:{version}"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "queue-worker"},
        "spec": {"replicas": 1, "template": {"spec": {"containers": [container]}}},
    }


def make(folder: str, scenario: str, stale: bool) -> str:
    """The bare repository and a clone of it; answers with the commit to be released.

    `stale`: the documents still speak of the release before.
    """
    bare, work = os.path.join(folder, "queue.git"), os.path.join(folder, "work")
    os.makedirs(bare)
    git(bare, "init", "--quiet", "--bare", "--initial-branch=main")
    git(folder, "clone", "--quiet", bare, work)
    git(work, "checkout", "--quiet", "-b", "main")
    versions = [RELEASES["alpha"][1], *(release for release, _ in RELEASES.values())]
    release, prior = RELEASES[scenario]
    for version in versions[: versions.index(release) + 1]:
        commit(work, version, prior if stale and version == release else version)
        if version != release:
            git(work, "tag", "--annotate", "--message", f"Release {version}", f"v{version}")
    git(work, "branch", "deployed", f"v{prior}^{{commit}}")
    if scenario == "rc":
        git(work, "branch", "rc-0.9")
    git(work, "push", "--quiet", "origin", "--all")
    git(work, "push", "--quiet", "origin", "--tags")
    git(work, "config", "user.name", "Practice")
    git(work, "config", "user.email", "practice@example.org")
    return git(work, "rev-parse", "HEAD")


def commit(work: str, version: str, documented: str) -> None:
    """One version as a commit."""
    for path, text in files(version).items():
        target = os.path.join(work, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(files(documented)[path] if path.endswith(".md") else text)
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", f"queue: prepare {version}")
