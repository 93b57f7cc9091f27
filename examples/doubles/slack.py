#!/usr/bin/env python3
"""A double of an incoming webhook: keeps the messages, and refuses what Slack refuses (no text, or no JSON)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import serve  # noqa: E402


class Channel:
    """One channel. `state["messages"]`: the texts that were posted."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"messages": []}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> serve.Answer:
        """Posts a message to any address below `/services/`."""
        if not path.startswith("/services/"):
            return 404, "no_service"
        if not isinstance(body, dict) or not body.get("text"):
            return 400, "no_text"
        self.state["messages"].append(body["text"])
        return 200, "ok"


if __name__ == "__main__":
    serve.main(Channel())
