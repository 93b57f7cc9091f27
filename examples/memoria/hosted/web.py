"""A small HTTP server for practice: JSON and text in and out, on a free port of 127.0.0.1."""

import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """What every server here needs; a subclass answers `do_GET` and the like."""

    token = ""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing on stderr."""

    def allowed(self) -> bool:
        """Whether the request carries the bearer token; answers 401 itself if not."""
        given = self.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
            return True
        self.json(401, {"error": "a bearer token is needed"})
        return False

    def data(self) -> bytes:
        """The request's body."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def value(self) -> Any:
        """The request's body as JSON; None where it is none."""
        try:
            return json.loads(self.data())
        except ValueError:
            return None

    def json(self, status: int, value: Any) -> None:
        """Answers with JSON."""
        self.answer(status, "application/json", json.dumps(value).encode())

    def text(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        """Answers with text."""
        self.answer(status, kind, text.encode())

    def answer(self, status: int, kind: str, data: bytes) -> None:
        """Answers with bytes of a media type."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def start(handler: type[Handler], **settings: Any) -> tuple[ThreadingHTTPServer, str]:
    """Serves `handler`, with `settings` as its class's attributes. Gives the server and its address."""
    bound = type(handler.__name__, (handler,), settings)
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
