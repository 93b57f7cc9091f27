"""The worker's HTTP side: `/healthz`, `/readyz` and `/metrics` on 127.0.0.1."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, str, str]


def serve(port: int, routes: dict[str, Callable[[], Answer]]) -> ThreadingHTTPServer:
    """Serves `routes` from a thread until `shutdown`; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            route = routes.get(self.path)
            status, kind, text = route() if route else (404, "text/plain", "no such page\n")
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Requests are not worth a line."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def as_json(status: int, value: dict[str, object]) -> Answer:
    """An answer in JSON."""
    return status, "application/json", json.dumps(value) + "\n"
