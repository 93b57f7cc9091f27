"""Git with a fixed clock and a fixed author, so that equal content has equal commits."""

import os
import subprocess

WHO = "Practice"
WHEN = "2026-01-05T09:00:00+0000"
SETTINGS = {
    "GIT_AUTHOR_NAME": WHO,
    "GIT_AUTHOR_EMAIL": "practice@example.org",
    "GIT_AUTHOR_DATE": WHEN,
    "GIT_COMMITTER_NAME": WHO,
    "GIT_COMMITTER_EMAIL": "practice@example.org",
    "GIT_COMMITTER_DATE": WHEN,
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


def git(folder: str, *words: str) -> str:
    """Runs git in a folder and answers with what it printed. A failure is raised with what git said."""
    done = subprocess.run(
        ["git", "-C", folder, *words], env={**os.environ, **SETTINGS}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def refs(folder: str) -> list[str]:
    """Branches and tags with the commits they stand at."""
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objecttype) %(*objectname)%(objectname)").splitlines()
    return [line if " commit " in line else f"{line.split()[0]} tag {peeled(folder, line.split()[0])}" for line in lines]


def peeled(folder: str, ref: str) -> str:
    """The commit behind a tag: when the tag itself was made does not count."""
    return git(folder, "rev-parse", f"{ref}^{{commit}}")
