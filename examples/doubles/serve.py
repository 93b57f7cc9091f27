"""What the doubles of HTTP services share: a server over a state in memory, and faults switched on from outside.

Beside what it stands in for, each server has three addresses of its own:

    GET  /_double/state    the state as JSON, the same text for the same state
    PUT  /_double/state    puts members of the state in place
    PUT  /_double/faults   a list of faults: {"when": "POST .*/dispatches$", "then": "502", "times": 1}

`then` is a status (`502`: answered so, nothing done), `cut` (the connection is closed without an answer, nothing done),
or either with ` done` behind it (done, and then answered so or cut).
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

Answer = tuple[int, Any]

HERE = threading.local()
"""`HERE.address`: where the request at hand arrived, for answers that hold addresses."""


class Service(Protocol):
    """A service by its state: what it answers, and the state itself."""

    state: dict[str, Any]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        """The status and the body (None: empty) of the answer."""


class Faults:
    """Faults that wait for their request."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []

    def take(self, method: str, path: str) -> str | None:
        """What goes wrong with this request, if anything does; used up by it."""
        for fault in self.waiting:
            if re.search(fault["when"], f"{method} {path}"):
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    self.waiting.remove(fault)
                return str(fault["then"])
        return None


class Desk:
    """Answers requests, its own addresses and faults included. None: cut the connection."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.faults = Faults()
        self.lock = threading.Lock()

    def take(self, method: str, target: str, body: Any) -> Answer | None:
        """The answer to one request."""
        parts = urlsplit(target)
        with self.lock:
            if parts.path.startswith("/_double/"):
                return self._own(method, parts.path, body)
            fault = self.faults.take(method, parts.path)
            if fault is None or fault.endswith(" done"):
                query = dict(parse_qsl(parts.query))
                answer = self.service.answer(method, unquote(parts.path), query, body)
                if fault is None:
                    return answer
            return broken(fault)

    def _own(self, method: str, path: str, body: Any) -> Answer:
        if path == "/_double/state" and method == "PUT":
            self.service.state.update(body)
        elif path == "/_double/faults" and method == "PUT":
            self.faults.waiting = body
        return 200, self.service.state


def broken(fault: str) -> Answer | None:
    """The answer of a fault."""
    word = fault.split()[0]
    return None if word == "cut" else (int(word), {"message": "made to fail"})


def serve(service: Service, port: int = 0) -> tuple[ThreadingHTTPServer, str]:
    """A server on 127.0.0.1 in a thread of its own, and its address."""
    desk = Desk(service)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            HERE.address = f"http://127.0.0.1:{self.server.server_address[1]}"
            length = int(self.headers.get("Content-Length") or 0)
            answer = desk.take(self.command, self.path, decoded(self.rfile.read(length)))
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, body = answer
            data = b"" if body is None else json.dumps(body, sort_keys=True).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _any

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


def decoded(data: bytes) -> Any:
    """A body as JSON; what is none is told by its length and hash, as an upload is."""
    if not data:
        return None
    try:
        return json.loads(data)
    except ValueError:
        return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def main(service: Service) -> None:
    """Serves on a free port, or on that of the command line, until standard input closes; prints its address."""
    server, address = serve(service, int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    print(address, flush=True)
    sys.stdin.read()
    server.shutdown()
