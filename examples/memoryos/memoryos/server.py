"""The HTTP server: decodes requests, asks the API, answers in JSON; `/metrics` as text for Prometheus."""

import hmac
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from .api import Request, route
from .controller import Controller
from .errors import Interrupted, Refused, Unavailable
from .metrics import exposition

MOST_BYTES = 1 << 20
OPEN_TO_ALL = ("/memories",)


class Server(ThreadingHTTPServer):
    """Serves one controller on 127.0.0.1; changes of the release want the token."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, controller: Controller, token: str, port: int = 0) -> None:
        self.controller, self.token = controller, token
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Looks."""
        if urlsplit(self.path).path == "/metrics":
            self._send(200, exposition(self.server.controller).encode(), "text/plain; version=0.0.4; charset=utf-8")
        else:
            self._answer()

    def do_POST(self) -> None:
        """Starts something."""
        self._answer()

    def do_PUT(self) -> None:
        """Sets something."""
        self._answer()

    def do_DELETE(self) -> None:
        """Takes something away."""
        self._answer()

    def _answer(self) -> None:
        try:
            status, answer = 200, self._called()
        except Refused as refused:
            status, answer = refused.status, {"error": str(refused)}
        except Unavailable as reason:
            status, answer = 503, {"error": str(reason)}
        except Interrupted as reason:
            status, answer = 500, {"error": str(reason)}
        self._send(status, (json.dumps(answer) + "\n").encode(), "application/json")

    def _called(self) -> object:
        split = urlsplit(self.path)
        body = self._body()
        call, parts = route(self.command, split.path)
        if self.command != "GET" and split.path not in OPEN_TO_ALL:
            self._authorize()
        parts = {name: unquote(part) for name, part in parts.items()}
        return call(self.server.controller, Request(parts, dict(parse_qsl(split.query)), body))

    def _authorize(self) -> None:
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            raise Refused(401, "changing the release takes its token (Authorization: Bearer …)")

    def _body(self) -> dict:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            raise Refused(413, f"a body has at most {MOST_BYTES} bytes")
        text = self.rfile.read(int(length))
        try:
            body = json.loads(text) if text else {}
        except ValueError as reason:
            raise Refused(400, f"the body is not JSON: {reason}") from reason
        if not isinstance(body, dict):
            raise Refused(422, "the body is a JSON object")
        return body

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Says nothing: standard error is for what is wrong."""
