"""Keeps the practice system as it is wanted: Redis up or down, the network fast or slow, the deployed version running."""

import ctypes
import http.client
import os
import signal
import subprocess
import threading
import time
from typing import Any

from jobqueue.proxy import Proxy
from jobqueue.resp import Redis, Unavailable

from . import folder as places
from . import forge, kubectl, state

LIFETIME = 1800.0
TICK = 0.03
# Workers that are not ready by then are as they are meant to be.
READY_WITHIN = 30.0


def die_with_parent() -> None:
    """No child outlives the supervisor, however that ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Supervisor:
    """Redis behind a proxy, the forge, and two workers: the deployed one and the candidate."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.scenario = state.read(self.path("scenario.json"))
        self.actual: dict[str, Any] = {"redis": "off", "slow": 0, "kill": 0, "image": ""}
        self.redis: subprocess.Popen[bytes] | None = None
        self.port = places.free_port()
        self.proxy = Proxy(("127.0.0.1", self.port), lambda: self.actual["slow"] / 1000)
        self.forge, self.repo = forge.serve(folder)
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.wanted = ""
        self.ports = {
            "jobs": places.free_port(),
            "candidate": places.free_port(),
            "redis": self.proxy.port,
        }

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def serve(self, stopped: threading.Event) -> None:
        """Starts everything, says `ready`, and keeps it as wanted until `stopped`."""
        places.configure(self.folder, self.proxy.port)
        places.write_inputs(self.folder, self.repo, self.ports)
        state.write(self.path("ports.json"), self.ports)
        self.follow()
        self.start_worker("candidate", self.scenario["release"])
        self.wait_for_workers()
        print("ready", flush=True)
        deadline = time.monotonic() + LIFETIME
        while not stopped.wait(TICK) and time.monotonic() < deadline:
            self.follow()
        self.close()

    def follow(self) -> None:
        """Makes true what is wanted now."""
        wanted = state.read(self.path("wanted.json"))
        before = dict(self.actual)
        if wanted["redis"] != self.actual["redis"]:
            self.switch_redis(wanted["redis"])
        if wanted["kill"] != self.actual["kill"]:
            self.start_worker("candidate", self.scenario["release"], wanted["kill"] + 1)
        self.actual.update(wanted)
        self.deploy()
        if self.actual != before:
            state.write(self.path("actual.json"), self.actual)

    def deploy(self) -> None:
        """Runs what stands in the cluster."""
        deployment = state.read(self.path("cluster.json")).get("deployment/queue-worker")
        wanted = kubectl.image(deployment) if deployment else ""
        if wanted != self.wanted:
            self.wanted = wanted
            self.actual["image"] = ""
            version = wanted.rpartition(":")[2]
            if version and not (self.scenario["bad"] and version == self.scenario["release"]):
                self.start_worker("jobs", version)
                self.actual["image"] = wanted
            else:
                self.kill(self.workers.pop("jobs", None))

    def start_worker(self, name: str, version: str, number: int = 1) -> None:
        """Kills the worker, as a crash would, and starts another; a new number is a new worker to the queue."""
        self.kill(self.workers.pop(name, None))
        words = [*places.command("job-queue"), "--config", self.path(f"{name}.toml")]
        words += ["--set", f"worker.id={name}-{number}", "--set", f"metrics.port={self.ports[name]}"]
        words += ["worker", "--version", version]
        self.workers[name] = subprocess.Popen(words, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)

    def switch_redis(self, wanted: str) -> None:
        """Kills Redis, or starts it on the data that it had written."""
        self.kill(self.redis)
        self.redis = None
        if wanted == "on":
            words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.path("redis")]
            words += ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning"]
            self.redis = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent
            )
            self.wait_for_redis()

    def wait_for_redis(self) -> None:
        probe = Redis("127.0.0.1", self.port, 1.0)
        for _ in range(500):
            try:
                probe.call("PING")
                break
            except Unavailable:
                time.sleep(0.02)
        probe.close()

    def wait_for_workers(self) -> None:
        """Whoever asks a worker first finds what it tells: until it can take jobs it has no figures of the queue."""
        deadline = time.monotonic() + READY_WITHIN
        for name, process in self.workers.items():
            while self.redis and process.poll() is None and time.monotonic() < deadline and not self.is_ready(name):
                time.sleep(TICK)

    def is_ready(self, name: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=1)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self, process: "subprocess.Popen[bytes] | None") -> None:
        if process is not None:
            process.kill()
            process.wait()

    def close(self) -> None:
        """Ends every process that was started here."""
        for process in (*self.workers.values(), self.redis):
            self.kill(process)
        self.proxy.close()
        self.forge.shutdown()
