"""A TCP proxy in front of Redis that delays every answer: the slow network, to practise on."""

import socket
import threading
import time
from collections.abc import Callable


class Proxy:
    """Forwards connections to `target`; what comes back waits `delay()` seconds first."""

    def __init__(self, target: tuple[str, int], delay: Callable[[], float]) -> None:
        self.target, self.delay = target, delay
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self.target, 5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        threading.Thread(target=pump, args=(client, server, lambda: 0.0), daemon=True).start()
        pump(server, client, self.delay)


def pump(source: socket.socket, sink: socket.socket, delay: Callable[[], float]) -> None:
    """Copies bytes until either side ends, then ends both."""
    try:
        while data := source.recv(65536):
            time.sleep(delay())
            sink.sendall(data)
    except OSError:
        pass
    for side in (source, sink):
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        side.close()
