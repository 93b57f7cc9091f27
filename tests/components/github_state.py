"""Puts a state behind Prism, which checks every call against GitHub's own OpenAPI and answers with GitHub's own examples.

A script of mitmproxy (`mitmdump --mode reverse:PRISM -s github_state.py`): Prism answers first. If it refuses a call
(4xx: the call is not as GitHub's OpenAPI says) its answer stands. Otherwise the state of `examples/doubles/github.py`
and `github_review.py` answers, laid over Prism's example, so that everything that the state says nothing about looks as GitHub's answer does.
Faults and the state are set from outside, as with any double (`/_double/…`).
"""

from __future__ import annotations

import json
import re
import sys
from email.utils import formatdate
from pathlib import Path
from typing import Any

from mitmproxy import http

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "doubles"))

import github  # noqa: E402
import github_review  # noqa: E402, F401
import serve  # noqa: E402

REF = re.compile(r"(/repos/[^/]+/[^/]+/git/refs?/)(tags/[^?]+)")
DESK = serve.Desk(github.GitHub())


def over(example: Any, answer: Any) -> Any:
    """An answer laid over an example of the same shape."""
    if isinstance(example, dict) and isinstance(answer, dict):
        return example | {key: over(example.get(key), value) for key, value in answer.items()}
    if isinstance(example, list) and isinstance(answer, list) and example:
        return [over(example[0], one) for one in answer]
    return answer


def request(flow: http.HTTPFlow) -> None:
    """Own addresses are answered here, faults that come instead of an answer too."""
    path = flow.request.path
    serve.HERE.address = f"http://127.0.0.1:{flow.client_conn.sockname[1]}"
    if path.startswith("/_double/"):
        reply(flow, DESK.take(flow.request.method, path, serve.decoded(flow.request.raw_content or b"")), None)
    elif found := REF.match(path):
        # A ref holds slashes, which Prism takes for more of the path.
        flow.metadata["path"] = path
        flow.request.path = found[1] + found[2].replace("/", "%2F")
    elif "/releases/" in path and path.split("?")[0].endswith("/assets") and flow.request.method == "POST":
        # Uploads go to another host of GitHub, which its OpenAPI tells apart by its servers.
        reply(flow, DESK.take("POST", path, serve.decoded(flow.request.raw_content or b"")), None)


def response(flow: http.HTTPFlow) -> None:
    """Prism's answer if it refuses, else the state's."""
    if flow.request.path.startswith("/_double/") or flow.metadata.get("own") or flow.response is None:
        return
    if flow.response.status_code >= 400:
        return
    body = serve.decoded(flow.request.raw_content or b"")
    example = serve.decoded(flow.response.raw_content or b"")
    path = flow.metadata.get("path", flow.request.path)
    if path.endswith("/protection"):
        example = None  # what is not protected is left out of the answer, and no example may bring it in
    reply(flow, DESK.take(flow.request.method, path, body), example)


def reply(flow: http.HTTPFlow, answer: serve.Answer | None, example: Any) -> None:
    """Answers, or cuts the connection."""
    flow.metadata["own"] = True
    if answer is None:
        return flow.kill()
    status, body = answer
    whole = over(example, body) if status < 300 else body
    data = b"" if body is None else json.dumps(whole, sort_keys=True).encode()
    headers = {"Content-Type": "application/json", "Date": formatdate(usegmt=True)}
    flow.response = http.Response.make(status, data, headers)
