"""The queue in Redis: every key it has, and every move of a job between them.

A job is always in exactly one place: a waiting list, the list of the worker that has it, the set of
delayed jobs, the dead-letter list, or the set of done ones. Each move is one command or one script,
so that no moment lies between two places; an outage can repeat a job and cannot lose one.
"""

import time
from dataclasses import dataclass

from .config import Config
from .job import Job, read
from .resp import Redis

# A producer that had no answer sends again: only the first one counts.
ENQUEUE = "if redis.call('sadd', KEYS[1], ARGV[1]) == 1 then redis.call('lpush', KEYS[2], ARGV[2]) return 1 end return 0"
# A worker's move counts only while the worker still has the job: the reaper may have taken it.
ACK = "if redis.call('lrem', KEYS[1], 1, ARGV[1]) == 1 then redis.call('sadd', KEYS[2], ARGV[2]) return 1 end return 0"
DELAY = "if redis.call('lrem', KEYS[1], 1, ARGV[1]) == 1 then redis.call('zadd', KEYS[2], ARGV[3], ARGV[2]) return 1 end return 0"
BURY = "if redis.call('lrem', KEYS[1], 1, ARGV[1]) == 1 then redis.call('lpush', KEYS[2], ARGV[2]) return 1 end return 0"
RELEASE = "if redis.call('zrem', KEYS[1], ARGV[1]) == 1 then redis.call('lpush', KEYS[2], ARGV[1]) return 1 end return 0"
RETURN = "if redis.call('lrem', KEYS[1], 1, ARGV[1]) == 1 then redis.call('rpush', KEYS[2], ARGV[1]) return 1 end return 0"

EVERY = 1_000_000


@dataclass
class Lengths:
    """How many jobs are where."""

    waiting: dict[str, int]
    processing: int
    delayed: int
    dead: int
    done: int
    produced: int

    @property
    def lost(self) -> int:
        """Jobs that were taken and are nowhere."""
        return self.produced - sum(self.waiting.values()) - self.processing - self.delayed - self.dead - self.done


class Queue:
    """The queue of one configuration, over one connection."""

    def __init__(self, redis: Redis, config: Config) -> None:
        self.redis, self.config = redis, config
        self.mine = self.key("processing", config.worker_id)

    def key(self, *parts: str) -> str:
        return ":".join((self.config.queue_name, *parts))

    def waiting(self, priority: str) -> str:
        return self.key("waiting", priority)

    def enqueue(self, job: Job) -> bool:
        """Puts a job in; False if one with its id was put in before."""
        keys = (self.key("produced"), self.waiting(job.priority))
        return self.redis.call("EVAL", ENQUEUE, 2, *keys, job.id, job.text()) == 1

    def dequeue(self) -> Job | None:
        """Moves the next job to this worker's list: the guarantee is in docs/priorities.md."""
        for priority in self.config.queue_priorities:
            text = self.redis.call("RPOPLPUSH", self.waiting(priority), self.mine)
            if isinstance(text, str):
                return read(text)
        return self._wait()

    def _wait(self) -> Job | None:
        """All lists were empty: blocks a moment on the most urgent one, the strategy's way."""
        source, wait = self.waiting(self.config.queue_priorities[0]), self.config.worker_poll_ms / 1000
        if self.config.queue_strategy == "blmove":
            text = self.redis.call("BLMOVE", source, self.mine, "RIGHT", "LEFT", wait, wait=wait)
        else:
            text = self.redis.call("BRPOPLPUSH", source, self.mine, wait, wait=wait)
        return read(text) if isinstance(text, str) else None

    def held(self) -> list[Job]:
        """Jobs that this worker has: after an outage it goes on with them."""
        return [read(text) for text in texts(self.redis.call("LRANGE", self.mine, 0, -1))]

    def ack(self, job: Job) -> bool:
        """The job is done. False if it was no longer this worker's."""
        return self.redis.call("EVAL", ACK, 2, self.mine, self.key("done"), job.text(), job.id) == 1

    def fail(self, job: Job) -> str:
        """One attempt failed: the job waits for its next one, or goes to the dead letters. Says which."""
        again = job.again()
        if again.attempts >= self.config.worker_max_attempts:
            self.redis.call("EVAL", BURY, 2, self.mine, self.key("dead"), job.text(), again.text())
            return "dead"
        due = time.time() + self.config.worker_backoff_ms * 2**job.attempts / 1000
        self.redis.call("EVAL", DELAY, 2, self.mine, self.key("delayed"), job.text(), again.text(), due)
        return "delayed"

    def release(self) -> int:
        """Moves delayed jobs whose time has come back to their lists."""
        due = texts(self.redis.call("ZRANGEBYSCORE", self.key("delayed"), "-inf", time.time()))
        keys = self.key("delayed")
        return sum(
            self.redis.call("EVAL", RELEASE, 2, keys, self.waiting(read(text).priority), text) == 1 for text in due
        )

    def beat(self) -> None:
        """Says that this worker lives."""
        self.redis.pipeline(
            [
                ("SADD", self.key("workers"), self.config.worker_id),
                ("SET", self.key("alive", self.config.worker_id), "1", "PX", self.config.worker_heartbeat_ms),
            ]
        )

    def reap(self) -> int:
        """Gives back the jobs of workers that no longer say that they live."""
        count = 0
        for worker in texts(self.redis.call("SMEMBERS", self.key("workers"))):
            if self.redis.call("EXISTS", self.key("alive", worker)) == 0:
                count += self._give_back(worker)
        return count

    def _give_back(self, worker: str) -> int:
        source = self.key("processing", worker)
        jobs = texts(self.redis.call("LRANGE", source, 0, -1))
        for text in jobs:
            self.redis.call("EVAL", RETURN, 2, source, self.waiting(read(text).priority), text)
        self.redis.call("SREM", self.key("workers"), worker)
        return len(jobs)

    def lengths(self) -> Lengths:
        """Counts every place in one transaction, so that no job is seen twice or not at all."""
        priorities = self.config.queue_priorities
        workers = texts(self.redis.call("SMEMBERS", self.key("workers")))
        held = [("LLEN", self.key("processing", worker)) for worker in {*workers, self.config.worker_id}]
        fixed = [
            ("ZCARD", self.key("delayed")),
            ("LLEN", self.key("dead")),
            ("SCARD", self.key("done")),
            ("SCARD", self.key("produced")),
        ]
        lists = [("LLEN", self.waiting(priority)) for priority in priorities]
        counts = self.redis.pipeline([("MULTI",), *fixed, *lists, *held, ("EXEC",)])[-1]
        numbers = [count for count in counts or [] if isinstance(count, int)]  # type: ignore[union-attr]
        delayed, dead, done, produced = numbers[:4]
        waiting = dict(zip(priorities, numbers[4 : 4 + len(priorities)], strict=True))
        return Lengths(waiting, sum(numbers[4 + len(priorities) :]), delayed, dead, done, produced)

    def peek(self, priority: str, count: int) -> list[Job]:
        """The next jobs of a list, none of them moved."""
        return [read(text) for text in reversed(texts(self.redis.call("LRANGE", self.waiting(priority), -count, -1)))]

    def dead(self, count: int) -> list[Job]:
        """The newest dead letters."""
        return [read(text) for text in texts(self.redis.call("LRANGE", self.key("dead"), 0, count - 1))]

    def place(self, job_id: str) -> str:
        """Where the job with this id is: done, dead, under way, or unknown here."""
        if self.redis.call("SISMEMBER", self.key("done"), job_id) == 1:
            return "done"
        if any(job.id == job_id for job in self.dead(EVERY)):
            return "dead"
        return "under way" if self.redis.call("SISMEMBER", self.key("produced"), job_id) == 1 else "unknown"

    def purge_dead(self, only: str | None) -> int:
        """Drops dead letters, all or of one job; they count as settled, so that they are not missed."""
        jobs = [job for job in self.dead(EVERY) if only in (None, job.id)]
        for job in jobs:
            keys = (self.key("dead"), self.key("done"))
            self.redis.call("EVAL", ACK, 2, *keys, job.text(), job.id)
        return len(jobs)

    def retry_dead(self) -> int:
        """Gives all dead letters another row of attempts."""
        jobs = self.dead(EVERY)
        for job in jobs:
            fresh = Job(**{**job.__dict__, "attempts": 0})
            keys = (self.key("dead"), self.waiting(job.priority))
            self.redis.call("EVAL", BURY, 2, *keys, job.text(), fresh.text())
        return len(jobs)

    def toggles(self) -> dict[str, str]:
        """The feature toggles that are set."""
        flat = texts(self.redis.call("HGETALL", self.key("toggles")))
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def toggle(self, name: str, state: str) -> None:
        """Sets a toggle `on`, or takes it away with `off`."""
        if state == "on":
            self.redis.call("HSET", self.key("toggles"), name, "on")
        else:
            self.redis.call("HDEL", self.key("toggles"), name)


def texts(reply: object) -> list[str]:
    """A list answer as texts; anything else is none."""
    return [part for part in reply if isinstance(part, str)] if isinstance(reply, list) else []
