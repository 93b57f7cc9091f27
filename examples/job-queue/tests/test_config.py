"""Configuration: what is wrong is said, all of it, with the nearest name."""

import os
import tempfile
import unittest

import support  # noqa: F401  (sets the path)
from jobqueue.config import Config, Invalid, load


class ConfigTest(unittest.TestCase):
    def read(self, text: str, overrides: list[str] | None = None) -> Config:
        with tempfile.NamedTemporaryFile("w", suffix=".toml", delete=False) as file:
            file.write(text)
        self.addCleanup(os.unlink, file.name)
        return load(file.name, overrides)

    def mistakes(self, text: str, overrides: list[str] | None = None) -> list[str]:
        with self.assertRaises(Invalid) as caught:
            self.read(text, overrides)
        return [mistake.split(": ", 1)[1] for mistake in caught.exception.mistakes]

    def test_empty_file_is_the_defaults(self) -> None:
        self.assertEqual(self.read(""), Config())

    def test_sections_and_overrides(self) -> None:
        config = self.read("[queue]\nstrategy = 'blmove'\n", ["queue.strategy=brpoplpush", "metrics.interval_ms=5"])
        self.assertEqual((config.queue_strategy, config.metrics_interval_ms), ("brpoplpush", 5))

    def test_every_mistake_is_told_with_what_to_write(self) -> None:
        text = "[queue]\nstrategi = 'x'\nstrategy = 'rpop'\npriorities = ['a', 'a']\n[worker]\nmax_attempts = 0\n"
        self.assertEqual(
            self.mistakes(text),
            [
                "`queue.strategi` is not a setting; did you mean `queue.strategy`?",
                "`queue.strategy` is 'rpop', but must be one of blmove, brpoplpush",
                "`queue.priorities` is ['a', 'a'], but must be a list of different names, the most urgent first",
                "`worker.max_attempts` is 0, but must be a whole number above 0",
            ],
        )

    def test_a_truth_value_is_no_number_and_a_number_no_truth_value(self) -> None:
        self.assertEqual(
            self.mistakes("[redis]\nport = true\n[tracing]\nenabled = 1\n"),
            [
                "`redis.port` is True, but must be a port from 0 to 65535",
                "`tracing.enabled` is 1, but must be true or false",
            ],
        )

    def test_what_is_not_toml_or_not_there(self) -> None:
        self.assertIn("not TOML", self.mistakes("a = ")[0])
        with self.assertRaises(Invalid) as caught:
            load("no/such.toml")
        self.assertIn("No such file", str(caught.exception))
