"""Starts every server that the runbooks talk to, and writes the inputs that lead to them."""

import signal
import sys
import threading
from pathlib import Path

from hosted import around, forge, inputs
from hosted.api import AdminApi
from hosted.control import ControlPlane
from hosted.registry import Registry
from hosted.web import start

LONGEST_SECONDS = 3600


def serve(folder: Path) -> int:
    """Serves until standard input closes, TERM comes, or an hour has passed."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    plane = ControlPlane(folder)
    plane.start()
    scenario = (folder / "scenario").read_text(encoding="utf-8").strip()
    inputs.write(folder, scenario, addresses(folder, scenario, plane))
    print("ready", flush=True)
    threading.Thread(target=_until_closed, args=(ended,), daemon=True).start()
    ended.wait(LONGEST_SECONDS)
    plane.stop()
    return 0


def addresses(folder: Path, scenario: str, plane: ControlPlane) -> dict[str, str]:
    """Each server by the name of the input that gets its address."""
    told = forge.start(folder, scenario)
    told["admin"] = start(AdminApi, plane=plane, token=inputs.ADMIN_TOKEN)[1]
    told["archive"] = start(around.MailArchive, folder=folder)[1]
    told["chat"] = start(around.Chat, folder=folder)[1]
    told["collector"] = start(around.Collector, folder=folder)[1]
    told["mirror"] = start(around.Mirror, folder=folder, token=inputs.MIRROR_TOKEN)[1]
    told["grafana"] = start(around.Grafana, folder=folder, token=inputs.GRAFANA_TOKEN)[1]
    told["prometheus"] = start(around.Queries, plane=plane)[1]
    told["images"] = start(Registry)[1] + "/v2/memoria"
    return told


def _until_closed(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()
