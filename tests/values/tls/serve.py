"""An HTTPS server on a free port of 127.0.0.1, which it prints; it writes the bodies that it gets to `asked`.

Its key and certificates stand beside it. They are of a made-up authority, for these tests alone.
"""

import http.server
import pathlib
import ssl

HERE = pathlib.Path(__file__).parent


class Answer(http.server.BaseHTTPRequestHandler):
    """Says `hello` to whatever is posted."""

    def do_POST(self) -> None:
        """Keeps the body and answers."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("asked", "ab") as asked:
            asked.write(body + b"\n")
        self.send_response(201)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def main() -> None:
    """Serves until it is killed."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / "server.pem", HERE / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
