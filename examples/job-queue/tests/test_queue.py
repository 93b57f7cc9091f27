"""The queue on a real Redis: priorities, retries, dead letters, reaper, outages. No job is lost."""

import json
import os
import threading
import time
import unittest
import urllib.request

from support import RedisCase, wait_for

from jobqueue.config import STRATEGIES, Config
from jobqueue.job import Job
from jobqueue.producer import Producer
from jobqueue.proxy import Proxy
from jobqueue.store import Queue


class QueueTest(RedisCase):
    def test_the_most_urgent_first_and_the_oldest_of_those(self) -> None:
        for strategy in STRATEGIES:
            with self.subTest(strategy=strategy):
                queue = Queue(self.redis, Config(**{**self.config.__dict__, "queue_strategy": strategy}))
                for name in ("low-1", "default-1", "high-1", "high-2"):
                    queue.enqueue(Job(f"{strategy}-{name}", "noop", name[:-2]))
                order = [job.id.removeprefix(f"{strategy}-") for job in iter(queue.dequeue, None)]
                self.assertEqual(order, ["high-1", "high-2", "default-1", "low-1"])
                self.assertEqual(len(queue.held()), 4)
                for job in queue.held():
                    queue.ack(job)

    def test_a_job_sent_twice_counts_once(self) -> None:
        self.assertTrue(self.queue.enqueue(Job("a", "noop", "low")))
        self.assertFalse(self.queue.enqueue(Job("a", "noop", "low")))
        self.assertEqual(self.queue.lengths().waiting["low"], 1)

    def test_retries_end_well_or_with_the_dead_letters(self) -> None:
        self.work()
        self.queue.enqueue(Job("flaky", "flaky", "high"))
        self.queue.enqueue(Job("bad", "fail", "low"))
        wait_for(lambda: self.queue.lengths().dead == 1 and self.queue.lengths().done == 1, "both are settled")
        self.assertEqual([(job.id, job.attempts) for job in self.queue.dead(10)], [("bad", 3)])
        self.assertEqual(self.queue.purge_dead("other"), 0)
        self.assertEqual(self.queue.purge_dead("bad"), 1)
        self.assertEqual(self.queue.lengths().lost, 0)

    def test_dead_letters_get_another_row_of_attempts(self) -> None:
        self.queue.enqueue(Job("a", "fail", "low"))
        job = self.queue.dequeue()
        for _ in range(3):
            self.queue.fail(job)
            time.sleep(0.1)
            self.queue.release()
            job = self.queue.dequeue() or job
        self.assertEqual(self.queue.place("a"), "dead")
        self.assertEqual(self.queue.retry_dead(), 1)
        self.assertEqual([job.attempts for job in self.queue.peek("low", 5)], [0])

    def test_the_reaper_gives_back_what_a_dead_worker_had(self) -> None:
        gone = Queue(self.redis, Config(**{**self.config.__dict__, "worker_id": "gone"}))
        gone.beat()
        gone.enqueue(Job("a", "noop", "default"))
        taken = gone.dequeue()
        self.assertEqual(self.queue.reap(), 0, "it is alive as long as its heartbeat lasts")
        self.work()
        wait_for(lambda: self.queue.place("a") == "done", "the job was done by another")
        self.assertFalse(gone.ack(taken), "it is no longer that worker's")
        self.assertEqual(self.queue.lengths().lost, 0)

    def test_redis_away_longer_than_the_heartbeat(self) -> None:
        worker = self.work()
        jobs = [Job(f"job-{number}", "sleep", "default", {"seconds": 0.005}) for number in range(100)]
        sender = threading.Thread(target=Producer(self.config).send, args=(jobs, 20.0))
        sender.start()
        wait_for(lambda: self.queue.lengths().done > 5, "work is under way")
        self.stop()
        wait_for(lambda: worker.breaker.state == "open", "the breaker opens")
        self.assertEqual(worker.ready()[0], 503)
        time.sleep(0.5)
        self.start()
        sender.join(20)
        wait_for(lambda: self.queue.lengths().done == 100, "all are done")
        wait_for(lambda: worker.breaker.state == "closed", "the breaker closed by itself")
        self.assertEqual(worker.ready()[0], 200)
        self.assertEqual(self.queue.lengths().lost, 0)

    def test_slow_network(self) -> None:
        delay = 0.0
        proxy = Proxy(("127.0.0.1", self.port), lambda: delay)
        self.addCleanup(proxy.close)
        worker = self.work(redis_port=proxy.port)
        wait_for(lambda: worker.tended > 0, "the worker is at work")
        delay = 0.4
        for number in range(20):
            self.queue.enqueue(Job(f"job-{number}", "noop", "low"))
        wait_for(lambda: worker.breaker.opened > 0, "answers come too late, the breaker opens")
        delay = 0.0
        wait_for(lambda: self.queue.lengths().done == 20, "all are done")
        self.assertEqual((worker.breaker.state, self.queue.lengths().lost), ("closed", 0))

    def test_the_pages(self) -> None:
        worker = self.work()
        base = f"http://127.0.0.1:{worker.serve()}"
        self.queue.toggle("limiter-jitter", "on")
        self.queue.enqueue(Job("a", "noop", "high", trace="a" * 32))
        wait_for(lambda: self.queue.place("a") == "done", "done")
        wait_for(lambda: worker.limiter.jitter > 0, "the toggle is seen")
        time.sleep(0.1)
        text = urllib.request.urlopen(f"{base}/metrics").read().decode()
        for name in ('jobs_processed_total{priority="high"} 1', "job_seconds_bucket", 'queue_length{queue="low"} 0'):
            self.assertIn(name, text)
        self.assertIn('breaker_state{state="closed"} 1', text)
        self.assertEqual(json.load(urllib.request.urlopen(f"{base}/healthz"))["version"], "1.0.0")
        self.assertEqual(json.load(urllib.request.urlopen(f"{base}/readyz"))["ready"], True)
        wait_for(lambda: os.path.exists(self.config.tracing_file) and os.path.getsize(self.config.tracing_file) > 0, "a span")
        with open(self.config.tracing_file, encoding="utf-8") as file:
            self.assertEqual(json.loads(file.readline())["trace"], "a" * 32)

    def test_tracing_that_fails_is_off(self) -> None:
        worker = self.work(tracing_file="/no/such/folder/spans")
        self.queue.enqueue(Job("a", "noop", "high"))
        wait_for(lambda: self.queue.place("a") == "done", "done all the same")
        wait_for(lambda: worker.tracer.path is None, "tracing is off")


if __name__ == "__main__":
    unittest.main()
