"""A real worker and its clock build the gap snapshot; killed in the middle it leaves nothing half-built, and the next one ends the work."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import pytest

from rocb_portal.tests.test_worker import Visitor, wait_until

pytestmark = pytest.mark.worker

COUNTS = {
    "good": "SELECT count(*) FROM gap_analysis_gapsnapshot WHERE built_at IS NOT NULL",
    "being built": "SELECT count(*) FROM gap_analysis_gapsnapshot WHERE is_building",
    "rows": "SELECT count(*) FROM gap_analysis_gaprow",
    "cells": "SELECT count(*) FROM gap_analysis_gapcell",
    "builds done": "SELECT count(*) FROM core_outboxjob WHERE kind = 'gap_build' AND state = 'done'",
}
WAITS_TO_WRITE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
TEN_MINUTES_PASS = "UPDATE core_outboxjob SET claimed_at = claimed_at - interval '10 minutes' WHERE state = 'inflight'"


class Database:
    """The server's own, read beside it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg2.connect(url)
        self.connection.autocommit = True

    def close(self) -> None:
        self.connection.close()

    def run(self, sql: str) -> int:
        """The figure that a statement gives, or how many rows it changed."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.fetchone()[0]) if cursor.description else int(cursor.rowcount)

    def counts(self) -> dict[str, int]:
        return {name: self.run(sql) for name, sql in COUNTS.items()}

    @contextmanager
    def held(self, table: str) -> Iterator[None]:
        """Nobody else can write to the table meanwhile."""
        with closing(psycopg2.connect(self.url)) as other:
            other.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield


def test_a_worker_killed_in_the_middle_of_a_build_leaves_the_last_good_snapshot_standing(demo_servers: Any) -> None:
    server = demo_servers.start(worker=False)
    server.env["DJANGO_SETTINGS_MODULE"] = "rocb_portal.tests.quick_clock"
    with closing(Database(server.env["DATABASE_URL"])) as database:
        before, rocb = database.counts(), Visitor(server, "rocb")
        last_good = rocb.finds(r"/gaps/snapshots/([0-9a-f-]+)/report\.pdf", on="/gaps/")

        # The clock asks for tonight's snapshot. Its areas are written and its cells are not yet, when the worker dies.
        with database.held("gap_analysis_gapcell"):
            server.start_worker()
            wait_until(lambda: database.run(WAITS_TO_WRITE) == 1)
            server.stop_worker(signal.SIGKILL)
        assert database.counts() == before | {"being built": 1}
        page = rocb.get("/gaps/")
        assert "is being built. Until it is done, this one stands." in page
        assert f"/gaps/snapshots/{last_good}/report.pdf" in page

        # The next worker ends what was begun; asked again and again by the clock, it makes no second one of the same facts.
        assert database.run(TEN_MINUTES_PASS) == 1
        server.start_worker()
        wait_until(lambda: database.counts()["builds done"] > before["builds done"] + 1)
        after = database.counts()
        assert after["good"] == before["good"] + 1
        assert after["rows"] > before["rows"]
        assert after["cells"] > before["cells"]
        assert f"/gaps/snapshots/{last_good}/report.pdf" not in rocb.get("/gaps/")
    server.stop()
