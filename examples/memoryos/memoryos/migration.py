"""The migration utility: classify legacy records, backfill them into the new store, report, undo."""

import json

from .errors import Interrupted, Refused
from .mirror import Mirror, fields
from .policy import checked, classify
from .records import Record
from .settings import Settings

SCHEMA = """
CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, policy TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS classified (
  migration TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, tier TEXT, revision INTEGER NOT NULL,
  PRIMARY KEY (migration, namespace, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replaced (
  migration TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, record TEXT, tier TEXT, source TEXT,
  PRIMARY KEY (migration, namespace, key)) WITHOUT ROWID;
"""


class Migration:
    """Migrations from legacy to memory_os. Each remembers what it replaced, so that it can be undone."""

    def __init__(self, mirror: Mirror) -> None:
        self.mirror = mirror
        self.settings: Settings = mirror.settings
        self.database = mirror.settings.database
        self.database.connection.executescript(SCHEMA)

    def names(self) -> list[str]:
        """The migrations there are."""
        return [row[0] for row in self.database.rows("SELECT name FROM migrations ORDER BY 1")]

    def classify(self, name: str, policy: dict, namespaces: list[str]) -> dict:
        """Plans a migration, or plans it again: each legacy record of the namespaces (of all, where none is named)
        with the tier that the policy gives it. What the migration replaced before stays known."""
        policy = checked(policy)
        self._known(namespaces)
        self.mirror.faults.up("legacy")
        with self.database.transaction() as db:
            text = json.dumps(policy, sort_keys=True)
            db.execute("INSERT OR REPLACE INTO migrations VALUES (?, ?)", (name, text))
            db.execute("DELETE FROM classified WHERE migration = ?", (name,))
            for namespace in namespaces or self.mirror.legacy.namespaces():
                for record in self.mirror.legacy.records(namespace):
                    row = (name, namespace, record.key, classify(policy, record), record.revision)
                    db.execute("INSERT INTO classified VALUES (?, ?, ?, ?, ?)", row)
        return self.plan(name)

    def _known(self, namespaces: list[str]) -> None:
        there = self.mirror.legacy.namespaces()
        unknown = [namespace for namespace in namespaces if namespace not in there]
        if unknown:
            raise Refused(422, f"legacy has no namespace {unknown[0]!r}")

    def plan(self, name: str) -> dict:
        """What a migration would do: records by tier, those without one, and its namespaces."""
        self._exists(name)
        query = "SELECT coalesce(tier, ''), count(*) FROM classified WHERE migration = ? GROUP BY 1"
        tiers = dict(self.database.rows(query, (name,)))
        unclassified = tiers.pop("", 0)
        query = "SELECT DISTINCT namespace FROM classified WHERE migration = ? ORDER BY 1"
        namespaces = [row[0] for row in self.database.rows(query, (name,))]
        records = sum(tiers.values()) + unclassified
        return {"name": name, "namespaces": namespaces, "records": records, "tiers": tiers,
                "unclassified": unclassified}

    def backfill(self, name: str, namespace: str) -> dict:
        """Copies a namespace's classified records as they are now. Safe to repeat; fails half-way by its fault."""
        wanted = self._classified(name, namespace)
        self.mirror.faults.up("memory_os")
        failing = self.mirror.faults.all()["migration_fails"] == namespace
        written = 0
        for place, (key, tier) in enumerate(wanted):
            if failing and place >= len(wanted) // 2:
                self.settings.count("migration_failure", len(wanted) - place)
                raise Interrupted(f"the backfill of {namespace} failed after {place} of {len(wanted)} records")
            written += self._copy(name, namespace, key, tier)
        self.settings.count("migration_success", len(wanted))
        return {"namespace": namespace, "records": len(wanted), "written": written}

    def _copy(self, name: str, namespace: str, key: str, tier: str) -> bool:
        record = self.mirror.legacy.get(namespace, key)
        if record is None:
            return False
        with self.mirror.store.database.lock:
            before, about = self.mirror.store.get(namespace, key), self.mirror.store.about(namespace, key)
            if before and (before.digest() == record.digest() or before.revision > record.revision):
                return False
            self._remember(name, (namespace, key), before, about)
            return self.mirror.store.put(record, tier, "jido_memory")

    def _remember(self, name: str, place: tuple[str, str], before: Record | None, about: dict | None) -> None:
        content = json.dumps(fields(before)) if before else None
        tier = about["lifecycle"]["tier"] if about else None
        source = about["provenance"]["source"] if about else None
        with self.database.transaction() as db:
            db.execute("INSERT OR IGNORE INTO replaced VALUES (?, ?, ?, ?, ?, ?)", (name, *place, content, tier, source))

    def undo(self, name: str, namespace: str) -> dict:
        """Puts back what the migration replaced in a namespace. Safe to repeat, also where nothing was begun."""
        query = "SELECT key, record, tier, source FROM replaced WHERE migration = ? AND namespace = ?"
        rows = self.database.rows(query, (name, namespace))
        for key, content, tier, source in rows:
            self.mirror.store.remove(namespace, key)
            if content:
                self.mirror.store.put(Record(*json.loads(content)), tier, source)
        with self.database.transaction() as db:
            db.execute("DELETE FROM replaced WHERE migration = ? AND namespace = ?", (name, namespace))
        return {"namespace": namespace, "undone": len(rows)}

    def drop(self, name: str) -> dict:
        """Forgets a migration, its plan and what it replaced; nothing in the stores changes."""
        with self.database.transaction() as db:
            for table, column in (("migrations", "name"), ("classified", "migration"), ("replaced", "migration")):
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (name,))
        return {"name": name, "dropped": True}

    def report(self, name: str) -> dict:
        """The reconciliation report: counts and integrity of what was migrated, by namespace and in sum."""
        parts = [self._report_of(name, namespace) for namespace in self.plan(name)["namespaces"]]
        counts = ("classified", "migrated", "missing", "damaged", "without_metadata", "gone_from_legacy")
        sums = {count: sum(part[count] for part in parts) for count in counts}
        faulty = sums["missing"] + sums["damaged"] + sums["without_metadata"]
        return sums | {"name": name, "complete": faulty == 0, "namespaces": parts}

    def _report_of(self, name: str, namespace: str) -> dict:
        counts = dict.fromkeys(("migrated", "missing", "damaged", "without_metadata", "gone_from_legacy"), 0)
        wanted = self._classified(name, namespace)
        for key, _ in wanted:
            counts[self._verdict(namespace, key)] += 1
        return {"namespace": namespace, "classified": len(wanted)} | counts

    def _verdict(self, namespace: str, key: str) -> str:
        old, new = self.mirror.legacy.get(namespace, key), self.mirror.store.get(namespace, key)
        if old is None:
            return "gone_from_legacy"
        if new is None:
            return "missing"
        if new.digest() != old.digest():
            return "damaged"
        about = self.mirror.store.about(namespace, key) or {}
        whole = about.get("lifecycle", {}).get("tier") and about.get("provenance", {}).get("digest") == old.digest()
        return "migrated" if whole else "without_metadata"

    def _classified(self, name: str, namespace: str) -> list[tuple[str, str]]:
        self._exists(name)
        query = "SELECT key, tier FROM classified WHERE migration = ? AND namespace = ? ORDER BY key"
        rows = self.database.rows(query, (name, namespace))
        if not rows:
            raise Refused(404, f"migration {name!r} has no namespace {namespace!r}")
        without = [key for key, tier in rows if tier is None]
        if without:
            raise Refused(409, f"{len(without)} records of {namespace} have no tier, the first is {without[0]!r}")
        return rows

    def _exists(self, name: str) -> None:
        if not self.database.rows("SELECT 1 FROM migrations WHERE name = ?", (name,)):
            raise Refused(404, f"there is no migration {name!r}")
