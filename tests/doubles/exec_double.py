"""What the doubles of `docker exec` and `kubectl exec` share: a command run here as if it were elsewhere.

A double, not the original. Streams are relayed by this process, as a client does it: when it goes away, the
command's standard input ends and nobody reads what it prints. The command gets an environment of its own.
"""

import os
import subprocess
import sys
import threading
import time
from typing import BinaryIO

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/"}


def relay(source: int, sink: int) -> None:
    """Copies bytes until one of both ends."""
    try:
        while data := os.read(source, 65536):
            while data:
                data = data[os.write(sink, data) :]
    except OSError:
        pass
    try:
        os.close(sink)
    except OSError:
        pass


def watch(cut: str) -> None:
    """Loses the connection once the file appears."""
    while not os.path.exists(cut):
        time.sleep(0.02)
    print("error: the connection was lost (double)", file=sys.stderr, flush=True)
    os._exit(1)


def fileno(stream: BinaryIO | None) -> int:
    """The descriptor of a pipe that is surely there."""
    assert stream is not None
    return stream.fileno()


def execute(words: list[str], folder: str) -> int:
    """Runs the command in a folder and gives its exit code."""
    if not os.path.isdir(folder):
        print(f"Error: no such container: {folder} (double)", file=sys.stderr)
        return 1
    inner = subprocess.Popen(
        words, cwd=folder, env=ENVIRONMENT, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    if cut := os.environ.get("DOUBLE_CUT"):
        threading.Thread(target=watch, args=(cut,), daemon=True).start()
    threading.Thread(target=relay, args=(0, os.dup(fileno(inner.stdin))), daemon=True).start()
    if inner.stdin is not None:
        inner.stdin.close()
    outputs = [
        threading.Thread(target=relay, args=(fileno(inner.stdout), 1)),
        threading.Thread(target=relay, args=(fileno(inner.stderr), os.dup(2))),
    ]
    for output in outputs:
        output.start()
    code = inner.wait()
    for output in outputs:
        output.join()
    return code if code >= 0 else 128 - code
