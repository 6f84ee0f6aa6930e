"""`make bench`: how long every main page takes on a small region and on a large one, as each party reads it.

Both regions are generated in databases of this run's own: SQLite, or with --postgresql a server of its own as `make test` has one.
Every list and every record page that the URLs know is asked for, and some searches besides. Times are the best of several; the SQL
of a page is done again by itself, and a page with nothing on it is the measure of the frame. The table goes into
docs/performance.md unless --dry says no.
"""

import argparse
import contextlib
import datetime as dt
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SMALL = (120, 500)
# What no reader of the portal waits for, or what another page holds already.
NOT_PAGES = {"core:attachment", "experts:own", "missions:letter-preview", "rocb_portal:demo-sign-in"}
EMPTY_PAGE = "members:absence-add"
# Beside the pages as they open: what is asked for most, with filters.
SEARCHES = (
    ("experts:experts", "q=japan+valuation", "rocb administration"),
    ("experts:experts", "area=VAL&stage=full&free_after={soon}&free_before={later}&days=14", "rocb"),
    ("experts:experts", "sort=days", "rocb administration"),
    ("experts:experts", "sort=-last&last=not24&language=French", "rocb"),
    ("experts:experts", "page=400", "rocb"),
    ("missions:missions", "q=valuation", "rocb"),
    ("missions:missions", "waits=me", "rocb"),
    ("rocb_portal:search", "q=naluva", "rocb administration"),
)


# Measuring, in a process of its own that knows one region


def measure(output: Path) -> None:
    import django

    django.setup()
    output.write_text(json.dumps(list(_measured()), indent=1))


def _measured() -> Iterator[dict[str, Any]]:
    from django.test import Client
    from django.urls import reverse

    readers = _readers()
    clients = {}
    for party, user in readers.items():
        clients[party] = Client(raise_request_exception=False)
        clients[party].force_login(user)
    empty = {party: _best(lambda c=client: c.get(reverse(EMPTY_PAGE))) for party, client in clients.items()}
    for name, party, url in _addresses(readers):
        client = clients[party]
        status = client.get(url).status_code
        if status >= 500:
            print(f"{name} {party}: error {status} at {url}", file=sys.stderr)
        if status != 200:
            continue
        began = time.monotonic()
        seconds = _best(lambda c=client, u=url: c.get(u))
        statements, size = _statements(lambda c=client, u=url: c.get(u))
        bare = _best(lambda s=statements: _replay(s))
        yield {
            "page": name,
            "party": party,
            "seconds": seconds,
            "bare": bare,
            "empty": empty[party],
            "queries": len(statements),
            "bytes": size,
        }
        print(f"{name} {party}: {seconds * 1000:.0f} ms, {len(statements)} queries", file=sys.stderr)
        if time.monotonic() - began > 60:
            print(f"  took a minute to measure: {url}", file=sys.stderr)


def _readers() -> dict[str, Any]:
    """One reader of each party, of those with most to read."""
    from django.db.models import Count

    from members.enums import Party
    from members.models import Administration, User

    largest = Administration.objects.annotate(n=Count("experts")).order_by("-n", "pk").first()
    return {
        "rocb": User.objects.of_party(Party.ROCB).first(),
        "secretariat": User.objects.of_party(Party.SECRETARIAT).first(),
        "administration": User.objects.focal_points(largest).first(),
        "centre": User.objects.of_party(Party.CENTRE).first(),
        "expert": User.objects.filter(expert__invitations__isnull=False)
        .annotate(n=Count("expert__invitations"))
        .order_by("-n", "pk")
        .first(),
    }


def _addresses(readers: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The name of each page with the party that reads it and the address."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    from core.clock import today
    from core.views import FormPage, Page

    words = {"soon": today() + dt.timedelta(days=30), "later": today() + dt.timedelta(days=40)}
    for name, view, converters in sorted(_routes(get_resolver()), key=lambda route: route[0]):
        kind = getattr(view, "view_class", None)
        if kind is None or name in NOT_PAGES or issubclass(kind, FormPage) or not _is_page(kind, Page):
            continue
        for party, user in readers.items():
            if not converters:
                yield name, party, reverse(name)
            elif converters == ["pk"]:
                with contextlib.suppress(NoReverseMatch):
                    if (thing := _one(kind, user)) is not None:
                        yield name, party, reverse(name, args=[thing.pk])
    for name, query, parties in SEARCHES:
        for party in parties.split():
            asked = query.format(**words)
            yield f"{name} {_short(query)}", party, f"{reverse(name)}?{asked}"


def _short(query: str) -> str:
    return "?" + "&".join(part.partition("{")[0].rstrip("=") for part in query.split("&"))


def _is_page(kind: type[Any], page: type[Any]) -> bool:
    from core.views import ListPage

    return issubclass(kind, page | ListPage) and "Export" not in {base.__name__ for base in kind.__mro__}


def _routes(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any, list[str]]]:
    for entry in resolver.url_patterns:
        namespace = getattr(entry, "namespace", None)
        if namespace == "admin":
            continue
        if hasattr(entry, "url_patterns"):
            yield from _routes(entry, f"{prefix}{namespace}:" if namespace else prefix)
        elif entry.name:
            yield f"{prefix}{entry.name}", entry.callback, list(entry.pattern.converters)


def _one(kind: type[Any], user: Any) -> Any:
    """A record to open: of people and missions the one on which most hangs, else the newest that the reader sees."""
    from django.db.models import Count

    from experts.models import Expert
    from missions.models import Mission

    model = getattr(kind, "model", None)
    if model is None or not hasattr(model, "objects"):
        return None
    rows = model.objects.all().visible_to(user) if hasattr(model.objects.all(), "visible_to") else None
    if rows is None:
        return None
    if model is Expert:
        return rows.annotate(n=Count("service_periods")).order_by("-n", "pk").first()
    if model is Mission:
        return rows.filter(leader__isnull=False).order_by("-first_day", "pk").first()
    return rows.order_by("-created_at", "pk").first()


def _best(act: Callable[[], Any], *, most: int = 7, seconds: float = 1.5) -> float:
    """The best of some runs; slow ones are done twice."""
    from django.db import connection

    # SQLite works in this very process: its processor time does not tell how busy the machine is with other things.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    act()
    times: list[float] = []
    while len(times) < most and (len(times) < 2 or sum(times) < seconds):
        began = clock()
        act()
        times.append(clock() - began)
    return min(times)


def _statements(act: Callable[[], Any]) -> tuple[list[tuple[str, Any]], int]:
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = act()
    return found, len(answer.content)


def _replay(statements: list[tuple[str, Any]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for sql, params in statements:
            if sql.lstrip().upper().startswith("SELECT"):
                cursor.execute(sql, params)
                cursor.fetchall()


# The run


def _manage(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def _region(folder: Path, url: str, experts: int, missions: int) -> tuple[list[dict[str, Any]], str]:
    """Build one region and measure it; what was measured, and how long the building took."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rocb_portal.settings.test",
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "EMAIL_URL": f"filemail://{folder / 'mail'}",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "ERROR",
    }
    _manage(env, "migrate", "-v0")
    _manage(env, "load_framework")
    said = _manage(env, "generate_load", f"--experts={experts}", f"--missions={missions}", "--seed=1")
    print(said, end="", file=sys.stderr)
    if url.startswith("postgres"):
        # As autovacuum would have done by the time anybody reads.
        _manage(env, "shell", "-v0", "-c", "from django.db import connection; connection.cursor().execute('ANALYZE')")
    output = folder / f"measured-{experts}.json"
    subprocess.run([sys.executable, __file__, "--measure", str(output)], cwd=ROOT, env=env, check=True)
    return json.loads(output.read_text()), said.rpartition(" in ")[2].strip().rstrip(".")


@contextlib.contextmanager
def _databases(folder: Path, *, postgresql: bool) -> Iterator[Callable[[str], str]]:
    """Gives a function from a name to the address of a new database."""
    if not postgresql:
        yield lambda name: f"sqlite:///{folder / name}.sqlite3"
        return
    spec = importlib.util.spec_from_file_location("servers_of_the_tests", ROOT / "tools" / "test.py")
    assert spec is not None  # noqa: S101 - the file lies beside this one
    assert spec.loader is not None  # noqa: S101
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    with tests.postgresql() as server:

        def create(name: str) -> str:
            subprocess.run(["psql", "-q", f"{server}/postgres", "-c", f"CREATE DATABASE {name}"], check=True)
            return f"{server}/{name}"

        yield create


def _growth(now: dict[str, Any], before: dict[str, Any] | None) -> tuple[str, str, str, bool]:
    if before is None:
        return "", "", "", False
    time_grew = now["seconds"] / before["seconds"]
    more = now["queries"] - before["queries"]
    bytes_grew = now["bytes"] / before["bytes"]
    grows = (time_grew > 3 and now["seconds"] > 0.25) or more > 8 or (bytes_grew > 2 and now["bytes"] > 200_000)
    return f"{time_grew:.1f}", f"{more:+d}" if more else "0", f"{bytes_grew:.1f}", grows


def _table(small: list[dict[str, Any]], large: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    known = {(row["page"], row["party"]): row for row in small}
    lines = [
        "| page | read by | ms | × bare SQL | × empty page | queries | kB | time × | queries + | bytes × |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    growing = []
    for row in sorted(large, key=lambda row: (row["page"], row["party"])):
        time_grew, more, bytes_grew, grows = _growth(row, known.get((row["page"], row["party"])))
        name = f"**{row['page']}**" if grows else row["page"]
        bare = f"{row['seconds'] / row['bare']:.1f}" if row["bare"] > 0.0005 else "–"
        lines.append(
            f"| {name} | {row['party']} | {row['seconds'] * 1000:.0f} | {bare} | {row['seconds'] / row['empty']:.1f} "
            f"| {row['queries']} | {row['bytes'] / 1000:.0f} | {time_grew} | {more} | {bytes_grew} |"
        )
        if grows:
            growing.append(
                f"{row['page']} ({row['party']}): {row['seconds'] * 1000:.0f} ms, time × {time_grew}, bytes × {bytes_grew}"
            )
    return lines, growing


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")), platform.processor()
    )
    return f"{os.cpu_count()} × {model or 'unknown processor'}, {platform.system()}, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    info = Path("/proc/cpuinfo")
    return info.read_text().splitlines() if info.exists() else []


def _write(lines: list[str]) -> None:
    text = REPORT.read_text()
    before, _begin, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    REPORT.write_text("\n".join([f"{before.rstrip()}\n\n{BEGIN}", *lines, END]) + after)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure every main page on a small region and on a large one.")
    parser.add_argument("--experts", type=int, default=12_000)
    parser.add_argument("--missions", type=int, default=50_000)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        with _databases(folder, postgresql=options.postgresql) as database:
            small, _built = _region(folder, database("small"), *SMALL)
            large, built = _region(folder, database("large"), options.experts, options.missions)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines, growing = _table(small, large)
    day = dt.datetime.now(dt.UTC).date()
    where = "PostgreSQL" if options.postgresql else "SQLite"
    measured = (
        f"Measured on {day:%d %b %Y} on {where}, {_machine()}. The large region has {options.experts:,} people and "
        f"{options.missions:,} missions and was made in {built}; the small one has {SMALL[0]} people and {SMALL[1]} missions."
    )
    grown = "; ".join(growing) if growing else "none"
    head = [measured, "", f"Pages that grow with the region: {grown}.", ""]
    if options.dry:
        print("\n".join([*head, *lines]))
    else:
        _write([*head, *lines])
        print(f"{len(large)} pages measured; the table is in {REPORT.relative_to(ROOT)}.")
    for line in growing:
        print(f"  grows: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
