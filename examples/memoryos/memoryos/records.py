"""A memory as both stores know it: identity, content, and what is compared."""

import hashlib
import json
import re
from dataclasses import dataclass

WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Record:
    """One memory. `revision` grows with every change of content anywhere, so the newer of two is known."""

    namespace: str
    key: str
    kind: str
    text: str
    importance: float
    revision: int

    def digest(self) -> str:
        """The content in 16 letters; revision apart, so that copies of one content are equal."""
        content = [self.namespace, self.key, self.kind, self.text, self.importance]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def words(text: str) -> list[str]:
    """The words of a text, each once, in order of appearance."""
    return list(dict.fromkeys(WORD.findall(text.lower())))


def target_of(namespace: str) -> str:
    """The target (an agent) that a namespace belongs to: `acme-1/facts` to `acme-1`."""
    return namespace.split("/", 1)[0]


def group_of(target: str) -> str:
    """The cohort group of a target: `acme-1` is of `acme`."""
    return target.rsplit("-", 1)[0]


def signature(found: list[Record]) -> str:
    """One text for a whole retrieval: which memories, with which content, in which order."""
    listed = json.dumps([[record.key, record.digest()] for record in found])
    return hashlib.sha256(listed.encode()).hexdigest()[:12]
