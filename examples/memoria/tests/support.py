"""What the tests share: a practice folder made once, the command line, dumps."""

import atexit
import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..")
sys.path.insert(0, HERE)
LIMIT_SECONDS = 60

import practice  # noqa: E402  (the path comes first)


class PracticeTest(unittest.TestCase):
    """Each test gets a fresh copy of one practice folder and works inside it."""

    def setUp(self):
        parent = tempfile.mkdtemp(prefix="memoria-test-")
        self.addCleanup(shutil.rmtree, parent)
        self.folder = os.path.join(parent, "practice")
        shutil.copytree(template(), self.folder)
        self.before = self.dump()

    def path(self, name):
        return os.path.join(self.folder, name)

    def memoria(self, *words, expect=0, **extra):
        """Runs the documented command and demands its exit code."""
        done = subprocess.run(
            command(*words), cwd=self.folder, env=environment(**extra),
            capture_output=True, text=True, timeout=LIMIT_SECONDS,
        )
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def dump(self, name="memoria.db"):
        """The content as SQL text; the same for equal content."""
        db = sqlite3.connect(self.path(name))
        db.text_factory = lambda data: data.decode(errors="surrogateescape")
        try:
            return "\n".join(db.iterdump())
        finally:
            db.close()

    def start(self, *words, **extra):
        """Starts the documented command; it is killed at the test's end if it still lives."""
        process = subprocess.Popen(
            command(*words), cwd=self.folder, env=environment(**extra),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        self.addCleanup(stop, process)
        return process


@functools.lru_cache(maxsize=None)
def template():
    folder = tempfile.mkdtemp(prefix="memoria-template-")
    atexit.register(shutil.rmtree, folder)
    practice.make(folder)
    return folder


def command(*words):
    return [sys.executable, "-m", "memoria.cli", *words]


def environment(**extra):
    """Ours, with the package on the path and the database named, and without an outer test's switches."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MEMORIA_")}
    return {**kept, "PYTHONPATH": HERE, "DATABASE_URL": "sqlite:///memoria.db", **extra}


def stop(process):
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()
